// The thread reply for an escalation step, which mentions the people who may still approve. The reconciler posts it.
import type { Approval } from '../../domain/approval.ts';
import type { EscalationStep } from '../../domain/escalation-schedule.ts';
import { nobodyCanApprove } from '../../domain/votes.ts';
import { formatCurrentApprovers, formatSomeApprovers } from './current-approvers.ts';
import { escalationTargets } from './escalation-line.ts';
import { truncate, limits } from './limits.ts';
import { time } from './mrkdwn.ts';
import { approvalsNeeded, tooFewApprovers } from './pending-text.ts';
import { requestTitle } from './request-title.ts';

const emojis = { reminder: ':bell:', escalation: ':rotating_light:' } as const;

export function escalationReply(step: EscalationStep, approval: Approval): string {
  const text = nobodyCanApprove(approval)
    ? [`*${requestTitle(approval.request)}* waits.`, ...tooFewApprovers(approval)].join(' ')
    : step === 'reminder'
      ? reminder(approval)
      : escalation(approval);
  return truncate(`${emojis[step]} ${text}`, limits.sectionText);
}

function reminder(approval: Approval): string {
  return `${formatCurrentApprovers(approval, 'or')}: ${stillWaits(approval)}, until ${time(approval.deadline)}.`;
}

function escalation(approval: Approval): string {
  const { request, votes } = approval;
  const until = time(approval.deadline);
  const people = formatSomeApprovers(escalationTargets(approval), approval);
  if (!people)
    return `Last reminder, ${formatCurrentApprovers(approval, 'or')}: ${stillWaits(approval)}, until ${until}.`;
  const hasVotes = Object.keys(votes).length > 0;
  const status = hasVotes ? stillWaits(approval) : `nobody has decided on *${requestTitle(request)}*`;
  return `${people}: ${status}; you may approve it too, until ${until}.`;
}

function stillWaits(approval: Approval): string {
  return `*${requestTitle(approval.request)}* still waits for ${approvalsNeeded(approval)}`;
}
