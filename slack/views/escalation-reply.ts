// The thread reply for an escalation step, which mentions the people who may still approve. The reconciler posts it.
import type { Approval } from '../../domain/approval.ts';
import type { EscalationStep } from '../../domain/escalation-schedule.ts';
import { mayStillApprove } from '../../domain/votes.ts';
import { escalationTargets } from './escalation-line.ts';
import { truncate, limits } from './limits.ts';
import { formatList, mention, time } from './mrkdwn.ts';
import { requestTitle } from './request-title.ts';

/** If more people than this may still approve, or none, the reply mentions the policy's users and user groups. */
const MAX_MENTIONS = 10;

export function escalationReply(step: EscalationStep, approval: Approval): string {
  return truncate(step === 'reminder' ? reminder(approval) : escalation(approval), limits.sectionText);
}

function reminder(approval: Approval): string {
  return `:bell: ${remainingApprovers(approval)}: ${stillWaits(approval)}, until ${time(approval.deadline)}.`;
}

function escalation(approval: Approval): string {
  const { request, votes } = approval;
  const until = time(approval.deadline);
  const people = escalationTargets(approval).map(mention);
  if (people.length === 0)
    return `:rotating_light: ${remainingApprovers(approval)}, for the last time: ${stillWaits(approval)}, until ${until}.`;
  const hasVotes = Object.keys(votes).length > 0;
  const status = hasVotes ? stillWaits(approval) : `nobody has decided on *${requestTitle(request)}*`;
  return `:rotating_light: ${formatList(people, 'and')}: ${status}; you may approve it too, until ${until}.`;
}

function stillWaits({ request, votes, outstanding }: Approval): string {
  const more = Object.keys(votes).length > 0 ? ' more' : '';
  const needed = outstanding === 1 ? `one${more} approval` : `${outstanding}${more} approvals`;
  return `*${requestTitle(request)}* still waits for ${needed}`;
}

function remainingApprovers(approval: Approval): string {
  const remaining = mayStillApprove(approval);
  const ids =
    remaining.length > 0 && remaining.length <= MAX_MENTIONS ? remaining : approval.policy.approvers;
  return formatList(ids.map(mention), 'or');
}
