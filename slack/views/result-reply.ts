// The text that says how an execution ended. relay-result posts the text as a reply in the approval's thread, or in the
// channel if there is no thread, and as a direct message to the requester.
import type { Approval, Result } from '../../domain/approval.ts';
import { truncate, limits } from './limits.ts';
import { executionRef, mention, quotation } from './mrkdwn.ts';
import { requestTitle } from './request-title.ts';
import {
  endSentences,
  endStatus,
  isOutcomeUnknown,
  missedDeadline,
  resultStatus,
  unknownOutcomeWarning,
} from './status-text.ts';

export function resultReply(result: Result, approval: Approval | undefined): string {
  return truncate(
    `${resultStatus(result, approval).emoji} ${sentence(result, approval)}`,
    limits.sectionText,
  );
}

/** The result of an execution that has no request message to reply to. */
export function unaskedResult(result: Result, execution: string, approval?: Approval): string {
  return `${resultReply(result, approval)} Execution ${executionRef(execution)}.`;
}

function sentence(result: Result, approval: Approval | undefined): string {
  const { outcome, text } = result;
  const details = [...endSentences(result), ...(approval ? unknownOutcomeWarning(approval) : [])].join(' ');
  // The reply repeats the title, because a person who reads it in a notification does not see the thread.
  const title = approval ? `: ${requestTitle(approval.request)}` : '';
  switch (outcome) {
    case 'done':
    case 'partly':
      return `*${endStatus(result).label}${text ? '' : title}.* ${details}`.trim();
    case 'unfilled':
    case 'halted':
    case 'refused':
      return `*${endStatus(result).label}${title}.* ${details}`;
    case 'declined':
      return `*${resultStatus(result, approval).label}${title}*${decider(approval)}. Nothing was done.${reason(approval)}`;
    case 'expired':
      return `*Expired${title}.* ${noDecision(approval)}; nothing was done.`;
    case 'failed':
      return `*${approval && isOutcomeUnknown(approval) ? 'Unclear' : 'Failed'}${title}.* ${details}`;
    case 'cancelled':
      return approval?.cancellation
        ? `*Cancelled${title}* by ${mention(approval.cancellation.by)}. Nothing was done.${reason(approval)}`
        : `*Cancelled${title}.* ${details || 'The execution was stopped; nothing was done.'}`;
  }
}

function noDecision(approval: Approval | undefined): string {
  if (!approval) return 'Nobody decided in time';
  return approval.decision ? 'The decision came too late' : missedDeadline(approval);
}

function decider(approval: Approval | undefined): string {
  const { decision } = approval ?? {};
  return decision?.outcome === 'declined' ? ` by ${mention(decision.by)}` : ' by somebody outside Slack';
}

/** Repeats the reason, because a direct message or a notification does not show the approval's message. */
function reason(approval: Approval | undefined): string {
  const { decision, cancellation } = approval ?? {};
  const text = decision?.outcome === 'declined' ? decision.reason : cancellation?.reason;
  return text ? ` Reason: ${quotation(text)}` : '';
}
