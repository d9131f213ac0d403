// Posts a reply to people in the thread of an approval, once. If Slack refuses the thread, because it is locked or its
// message was deleted, posts in the channel. The reconciler calls it for reminders and for delegates who joined.
import type { WebClient } from '@slack/web-api';
import type { Approval } from '../../domain/approval.ts';
import { isUnreachable } from '../slack-errors.ts';
import { findMessage, type MessageMetadata } from './find-message.ts';

/**
 * Returns the `ts` of the reply.
 * @param mayBePosted whether an earlier call may have posted the reply. If true, searches the thread for it first.
 */
export async function postReply(
  slack: WebClient,
  { channel, ts: threadTs, askedAt: since }: Approval,
  text: string,
  metadata: MessageMetadata,
  mayBePosted: boolean,
): Promise<string> {
  const found = mayBePosted ? await findMessage(slack, { channel, threadTs, since }, metadata) : undefined;
  if (found) return found;
  const message = { channel, text, metadata, unfurl_links: false, unfurl_media: false };
  const reply = { ...message, ...(threadTs === undefined ? {} : { thread_ts: threadTs }) };
  const { ts = '' } = await slack.chat.postMessage(reply).catch((error: unknown) => {
    if (!isUnreachable(error)) throw error;
    return slack.chat.postMessage(message);
  });
  return ts;
}
