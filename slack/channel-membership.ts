// Looks up of which channels a person is a member. The bot calls it to decide which requests the person may see in
// lists and in Home; it is never called before a press is answered.
import type { WebClient } from '@slack/web-api';
import type { Log } from '../aws/log.ts';
import { failureFields, slackErrorCode } from './slack-errors.ts';

/** Returns the ids of the channels in which both the person and the app are. @param person Slack user id */
export type ChannelsOf = (person: string, slack: WebClient) => Promise<ReadonlySet<string>>;

const CACHE_TTL_MS = 5 * 60_000;

/** At most 999: https://docs.slack.dev/reference/methods/users.conversations */
const CHANNELS_A_PAGE = 200;

/** Remembers each answer for five minutes, so that repeated commands do not use up Slack's rate limit. */
export function cachedChannels(now: () => Date, log: Log): ChannelsOf {
  const answers = new Map<string, { readonly at: number; readonly answer: ReturnType<ChannelsOf> }>();
  return (person, slack) => {
    const cached = answers.get(person);
    if (cached && now().getTime() - cached.at < CACHE_TTL_MS) return cached.answer;
    const answer = fetchChannels(person, slack, log);
    answers.set(person, { at: now().getTime(), answer });
    answer.catch(() => answers.delete(person));
    return answer;
  };
}

/** An app that was installed before it had the scopes finds no channels, so people see only their own requests. */
async function fetchChannels(user: string, slack: WebClient, log: Log): Promise<ReadonlySet<string>> {
  const channels = new Set<string>();
  const request = { user, types: 'public_channel,private_channel', limit: CHANNELS_A_PAGE };
  let cursor: string | undefined;
  do {
    try {
      const page = await slack.users.conversations({ ...request, ...(cursor ? { cursor } : {}) });
      for (const { id } of page.channels ?? []) if (id) channels.add(id);
      cursor = page.response_metadata?.next_cursor;
    } catch (error) {
      if (slackErrorCode(error) !== 'missing_scope') throw error;
      log('channels_not_readable', failureFields(error));
      return channels;
    }
  } while (cursor);
  return channels;
}
