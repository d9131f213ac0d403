// Notifies the audiences of a completion: the thread or the channel, and the requester by direct message. relay-result
// calls it, under a lease for each audience.
import type { WebClient } from '@slack/web-api';
import { executionName } from '../aws/executions.ts';
import type { Log } from '../aws/log.ts';
import type { Result } from '../domain/approval.ts';
import type { MessageMetadata } from '../slack/messages/find-message.ts';
import { withLink } from '../slack/messages/permalink.ts';
import { postOnce, postToPerson } from '../slack/messages/post-once.ts';
import { isUnreachable } from '../slack/slack-errors.ts';
import { resultReply, unaskedResult } from '../slack/views/result-reply.ts';
import type { SettledApproval } from './settle-approvals.ts';

/** The content of the notifications of one completion. */
export interface CompletionNotice {
  readonly result: Result;
  readonly executionArn: string;
  /** Attached to each message, so that a later attempt can find the message. */
  readonly metadata: MessageMetadata;
  /** All messages about the completion are newer than this time, ISO 8601. */
  readonly since: string;
  /** Undefined if the execution requested no approval. */
  readonly settled: SettledApproval | undefined;
}

export interface NotifyDependencies {
  readonly slack: () => Promise<WebClient>;
  /** Slack channel id. A result is posted there if the execution has no request message to reply to. */
  readonly channel: string;
  /** Outcomes whose results are shown in the channel as well as in the thread. */
  readonly broadcast: readonly string[];
  readonly log: Log;
}

/**
 * Replies in the thread of the approval, or posts in the channel if there is no thread or Slack refuses the reply. Throws
 * the error of the last attempt.
 * @param possiblyPosted whether an earlier call may have posted the message. If true, searches for the message first.
 */
export async function notifyChannel(
  notice: CompletionNotice,
  possiblyPosted: boolean,
  { slack, channel, broadcast }: NotifyDependencies,
): Promise<void> {
  const { settled, result } = notice;
  const web = await slack();
  const message = { ...notice, text: textOf(notice) };
  const threadTs = settled?.threadTs;
  if (threadTs) {
    const reply = { thread_ts: threadTs, reply_broadcast: broadcast.includes(result.outcome) };
    try {
      await postOnce({ channel: settled.approval.channel, ...reply }, message, possiblyPosted, web);
      return;
    } catch (error) {
      if (!isUnreachable(error)) throw error;
    }
  }
  await postOnce({ channel }, message, possiblyPosted, web);
}

/**
 * Returns false, and logs an event, if the person cannot receive direct messages.
 * @param possiblyPosted whether an earlier call may have posted the message. If true, searches for the message first.
 */
export async function notifyPerson(
  person: string,
  notice: CompletionNotice,
  possiblyPosted: boolean,
  { slack, log }: NotifyDependencies,
): Promise<boolean> {
  const web = await slack();
  const text = notice.settled?.threadTs
    ? await withLink(textOf(notice), notice.settled.approval, web)
    : textOf(notice);
  return (await postToPerson(person, { ...notice, text }, possiblyPosted, web, log)) !== undefined;
}

function textOf({ result, executionArn, settled }: CompletionNotice): string {
  return settled?.threadTs
    ? resultReply(result, settled.approval)
    : unaskedResult(result, executionName(executionArn), settled?.approval);
}
