// Notifies the audiences of a completion: the thread or the channel, and the requester by direct message. relay-result
// calls it, under a lease for each audience.
import type { WebClient } from '@slack/web-api';
import { executionName } from '../aws/executions.ts';
import type { Log } from '../aws/log.ts';
import type { Result } from '../domain/approval.ts';
import { findMessage, type MessageMetadata } from '../slack/messages/find-message.ts';
import { withLink } from '../slack/messages/permalink.ts';
import { failureFields, isUnreachable } from '../slack/slack-errors.ts';
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

const WITHOUT_PREVIEWS = { unfurl_links: false, unfurl_media: false };

/** @param mayBePosted whether an earlier call may have posted the message. If true, searches for the message first. */
export async function notifyChannel(
  { result, executionArn, metadata, since, settled }: CompletionNotice,
  mayBePosted: boolean,
  { slack, broadcast, ...dependencies }: NotifyDependencies,
): Promise<void> {
  const web = await slack();
  const threadTs = settled?.threadTs;
  const channel = threadTs ? settled.approval.channel : dependencies.channel;
  if (mayBePosted && (await findMessage(web, { channel, threadTs, since }, metadata))) return;
  const message = threadTs
    ? {
        thread_ts: threadTs,
        reply_broadcast: broadcast.includes(result.outcome),
        text: resultReply(result, settled.approval),
      }
    : { text: unaskedResult(result, executionName(executionArn)) };
  await web.chat.postMessage({ channel, metadata, ...message, ...WITHOUT_PREVIEWS });
}

/**
 * Logs an event if the person cannot receive direct messages, for example because they left the workspace.
 * @param mayBePosted whether an earlier call may have posted the message. If true, searches for the message first.
 */
export async function notifyRequester(
  requester: string,
  { result, executionArn, metadata, since, settled }: CompletionNotice,
  mayBePosted: boolean,
  { slack, log }: NotifyDependencies,
): Promise<void> {
  const web = await slack();
  const text = settled?.threadTs
    ? await withLink(resultReply(result, settled.approval), settled.approval, web)
    : unaskedResult(result, executionName(executionArn));
  try {
    if (mayBePosted) {
      const channel = await directMessagesWith(requester, web);
      if (await findMessage(web, { channel, since }, metadata)) return;
    }
    await web.chat.postMessage({ channel: requester, text, metadata, ...WITHOUT_PREVIEWS });
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    log('requester_unreachable', { requester, ...failureFields(error) });
  }
}

async function directMessagesWith(person: string, web: WebClient): Promise<string> {
  const { channel } = await web.conversations.open({ users: person });
  return channel?.id ?? person;
}
