// The reply under the approval message that tells how the execution ended; where no approval is known it stands in
// the channel by itself. relay-result posts it.
import type { Approval, Result } from '../../domain/approval.ts';
import { truncate, limits } from './limits.ts';
import { mention, escapeMrkdwn, quotation } from './mrkdwn.ts';
import { requestTitle } from './request-title.ts';
import { doneLook, doubt, inTime, unclear } from './status-text.ts';

export function resultReply(result: Result, approval: Approval | undefined): string {
  const sign = result.outcome === 'done' ? doneLook(result).sign : signs[result.outcome];
  return truncate(`${sign} ${sentence(result, approval)}`, limits.sectionText);
}

/** The result of an execution that no message in the channel tells of. */
export function unaskedResult(result: Result, execution: string): string {
  return `${resultReply(result, undefined)} Execution ${escapeMrkdwn(execution)}.`;
}

const signs: Readonly<Record<Exclude<Result['outcome'], 'done'>, string>> = {
  declined: ':x:',
  expired: ':alarm_clock:',
  failed: ':warning:',
  cancelled: ':no_entry:',
};

function sentence(result: Result, approval: Approval | undefined): string {
  const { outcome, text } = result;
  const told = [...(text ? [escapeMrkdwn(text)] : []), ...(approval ? doubt(approval) : [])].join(' ');
  // Read as a notification, the reply must say what it is about.
  const what = approval ? `: ${requestTitle(approval.request)}` : '';
  switch (outcome) {
    case 'done':
      return `*${doneLook(result).word}${text ? '' : what}.* ${told}`.trim();
    case 'declined':
      return `*Declined${what}*${decider(approval)}. Nothing was done.${reason(approval)}`;
    case 'expired':
      return `*Expired${what}.* ${missed(approval)}; nothing was done.`;
    case 'failed':
      return `*${approval && unclear(approval) ? 'Unclear' : 'Failed'}${what}.* ${told}`;
    case 'cancelled':
      return approval?.cancellation
        ? `*Cancelled${what}* by ${mention(approval.cancellation.by)}. Nothing was done.${reason(approval)}`
        : `*Cancelled${what}.* ${told || 'The execution was stopped; nothing was done.'}`;
  }
}

function missed(approval: Approval | undefined): string {
  if (!approval) return 'Nobody decided in time';
  return approval.decision ? 'The decision came too late' : inTime(approval);
}

function decider(approval: Approval | undefined): string {
  const { decision, request } = approval ?? {};
  if (decision?.outcome !== 'declined') return ' by somebody outside Slack';
  return `${decision.by === request?.requester ? ', withdrawn' : ''} by ${mention(decision.by)}`;
}

/** Who reads it away from the message sees it nowhere else. */
function reason(approval: Approval | undefined): string {
  const { decision, cancellation } = approval ?? {};
  const words = decision?.outcome === 'declined' ? decision.reason : cancellation?.reason;
  return words ? ` Reason: ${quotation(words)}` : '';
}
