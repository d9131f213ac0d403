// A local Slack without the rest of the local world, for tests of code that posts: the real Web API client over HTTP.
import { WebClient } from '@slack/web-api';
import { createClock } from '../../local/clock.ts';
import { type Message, type Slack, type SlackOptions, startSlack } from '../../local/slack/slack.ts';

export const ANA = 'U0ANA';
export const CHANNEL = 'C0TRADING';
export const app = { botToken: 'xoxb-test', signingSecret: 'a-signing-secret' } as const;

export interface SlackWorkspace {
  readonly slack: Slack;
  readonly client: WebClient;
  /** The message as it stands now. */
  shown(ts: string): Message;
  replies(ts: string): readonly Message[];
  /** The last word that only this person saw. */
  privately(person: string): string;
}

/**
 * @param requestUrl where the app under test listens, if one does
 * @param start where its clock starts
 * @param log hears each event
 * @param channels by default only `trading`
 */
export async function openSlackWorkspace(
  requestUrl: () => string = () => '',
  start?: Date,
  log: (event: { readonly event: string; readonly [field: string]: unknown }) => void = () => {},
  channels: SlackOptions['channels'] = [{ id: CHANNEL, name: 'trading' }],
): Promise<SlackWorkspace> {
  const clock = createClock(start);
  const slack = await startSlack({
    port: 0,
    clock,
    manifest: 'manifest.yml',
    channels,
    requestUrl,
    log,
    ...app,
  });
  return {
    slack,
    client: new WebClient(app.botToken, {
      slackApiUrl: slack.apiUrl,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    }),
    shown: (ts) => {
      const found = slack.messages().find((message) => message.ts === ts);
      if (!found) throw new Error(`There is no message ${ts}`);
      return found;
    },
    replies: (ts) => slack.messages().filter(({ threadTs }) => threadTs === ts),
    privately: (person) => {
      const everyone = new Set(slack.messages().map(({ ts }) => ts));
      const whispers = slack.seenBy(person).filter(({ ts }) => !everyone.has(ts));
      return whispers.at(-1)?.text ?? '';
    },
  };
}
