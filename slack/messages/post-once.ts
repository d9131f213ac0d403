// Posts a message in a channel, in a thread or to one person, and searches first if an earlier worker may have posted
// it. `notify-completion.ts` and `notify-unposted.ts` call it.
import type { WebClient } from '@slack/web-api';
import type { Log } from '../../aws/log.ts';
import { failureFields, isUnreachable } from '../slack-errors.ts';
import { findMessage, type MessageMetadata } from './find-message.ts';

export interface Notice {
  readonly text: string;
  /** Attached to the message, so that a later attempt can find it. */
  readonly metadata: MessageMetadata;
  /** The message is newer than this time, ISO 8601. */
  readonly since: string;
}

/** A channel, or a thread in it. */
type Destination =
  | { readonly channel: string; readonly thread_ts?: never }
  | { readonly channel: string; readonly thread_ts: string; readonly reply_broadcast: boolean };

const WITHOUT_PREVIEWS = { unfurl_links: false, unfurl_media: false };

/**
 * @param mayBePosted whether an earlier call may have posted the message. If true, searches for the message first.
 */
export async function postOnce(
  to: Destination,
  { text, metadata, since }: Notice,
  mayBePosted: boolean,
  slack: WebClient,
): Promise<void> {
  const scope = { channel: to.channel, threadTs: to.thread_ts, since };
  if (mayBePosted && (await findMessage(slack, scope, metadata))) return;
  await slack.chat.postMessage({ metadata, text, ...to, ...WITHOUT_PREVIEWS });
}

/**
 * Sends a direct message. Returns false, and logs an event, if the person cannot receive any, for example because they
 * left the workspace.
 */
export async function postToPerson(
  person: string,
  notice: Notice,
  mayBePosted: boolean,
  slack: WebClient,
  log: Log,
): Promise<boolean> {
  try {
    const channel = mayBePosted ? await directMessagesWith(person, slack) : person;
    await postOnce({ channel }, notice, mayBePosted, slack);
    return true;
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    log('person_unreachable', { person, ...failureFields(error) });
    return false;
  }
}

async function directMessagesWith(person: string, slack: WebClient): Promise<string> {
  const { channel } = await slack.conversations.open({ users: person });
  return channel?.id ?? person;
}
