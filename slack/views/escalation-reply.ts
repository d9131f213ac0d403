// The thread reply for an escalation step, which mentions the people who may still approve. The reconciler posts it.
import type { Approval } from '../../domain/approval.ts';
import type { EscalationStep } from '../../domain/escalation-schedule.ts';
import { nobodyCanApprove } from '../../domain/votes.ts';
import { formatCurrentApprovers, formatPeople } from './current-approvers.ts';
import { truncate, limits } from './limits.ts';
import { time } from './mrkdwn.ts';
import { approvalsNeeded, tooFewApprovers } from './pending-text.ts';
import { requestTitle } from './request-title.ts';

const emojis = { reminder: ':bell:', escalation: ':mega:' } as const;

/** @param added Slack user ids of the people who may approve only since the escalation */
export function escalationReply(
  step: EscalationStep,
  approval: Approval,
  added: readonly string[] = [],
): string {
  const text = nobodyCanApprove(approval)
    ? [`*${requestTitle(approval.request)}* waits.`, ...tooFewApprovers(approval)].join(' ')
    : step === 'reminder'
      ? reminder(approval)
      : escalation(approval, added);
  return truncate(`${emojis[step]} ${text}`, limits.sectionText);
}

function reminder(approval: Approval): string {
  return `${formatCurrentApprovers(approval, 'or')}: ${stillWaits(approval)}, until ${time(approval.deadline)}.`;
}

function escalation(approval: Approval, added: readonly string[]): string {
  const { request, votes } = approval;
  const until = time(approval.deadline);
  if (added.length === 0)
    return `Last reminder, ${formatCurrentApprovers(approval, 'or')}: ${stillWaits(approval)}, until ${until}.`;
  const hasVotes = Object.keys(votes).length > 0;
  const status = hasVotes ? stillWaits(approval) : `nobody has decided on *${requestTitle(request)}*`;
  return `${formatPeople(added, approval, 'and')}: ${status}; you may approve it too, until ${until}.`;
}

function stillWaits(approval: Approval): string {
  return `*${requestTitle(approval.request)}* still waits for ${approvalsNeeded(approval)}`;
}
