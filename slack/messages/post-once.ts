// Posts a message in a channel, in a thread or to one person, and searches first if an earlier worker may have posted
// it. `notify-completion.ts`, `notify-unposted.ts` and
// `post-reply.ts` call it.
import type { WebClient } from '@slack/web-api';
import type { Log } from '../../aws/log.ts';
import { failureFields, isUnreachable } from '../slack-errors.ts';
import type { View } from '../views/approval-message.ts';
import { findMessage, type MessageMetadata } from './find-message.ts';

export interface Notice {
  readonly text: string;
  /** Absent or empty if the message has only its text. */
  readonly blocks?: View['blocks'] | undefined;
  /** Attached to the message, so that a later attempt can find it. */
  readonly metadata: MessageMetadata;
  /** The message is newer than this time, ISO 8601. */
  readonly since: string;
}

/** A channel, or a thread in it. */
type Destination =
  | { readonly channel: string; readonly thread_ts?: never }
  | { readonly channel: string; readonly thread_ts: string; readonly reply_broadcast: boolean };

/** If a channel cannot be reached, at most this many people get a direct message. */
export const MAX_DIRECT_MESSAGES = 20;

const WITHOUT_PREVIEWS = { unfurl_links: false, unfurl_media: false };

/**
 * Returns the `ts` of the message.
 * @param possiblyPosted whether an earlier call may have posted the message. If true, searches for the message first.
 */
export async function postOnce(
  to: Destination,
  { text, blocks = [], metadata, since }: Notice,
  possiblyPosted: boolean,
  slack: WebClient,
): Promise<string> {
  const scope = { channel: to.channel, threadTs: to.thread_ts, since };
  const found = possiblyPosted ? await findMessage(slack, scope, metadata) : undefined;
  if (found) return found;
  const content = blocks.length > 0 ? { text, blocks } : { text };
  const { ts = '' } = await slack.chat.postMessage({ metadata, ...content, ...to, ...WITHOUT_PREVIEWS });
  return ts;
}

/**
 * Sends a direct message, and returns its `ts`. Returns undefined, and logs an event, if the person cannot receive any,
 * for example because they left the workspace.
 */
export async function postToPerson(
  person: string,
  notice: Notice,
  possiblyPosted: boolean,
  slack: WebClient,
  log: Log,
): Promise<string | undefined> {
  try {
    const channel = possiblyPosted ? await directMessagesWith(person, slack) : person;
    return await postOnce({ channel }, notice, possiblyPosted, slack);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    log('person_unreachable', { person, ...failureFields(error) });
    return undefined;
  }
}

async function directMessagesWith(person: string, slack: WebClient): Promise<string> {
  const { channel } = await slack.conversations.open({ users: person });
  return channel?.id ?? person;
}
