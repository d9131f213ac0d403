// What is said in the thread when a rung of the ladder is climbed, with a mention of those who may still approve.
// keep-watch posts it.
import type { Approval } from '../../domain/approval.ts';
import type { EscalationStep } from '../../domain/escalation-schedule.ts';
import { mayStillApprove } from '../../domain/votes.ts';
import { escalationTargets } from './escalation-line.ts';
import { truncate, limits } from './limits.ts';
import { formatList, mention, time } from './mrkdwn.ts';
import { requestTitle } from './request-title.ts';

/** More than so many are not named one by one. */
const NAMED = 10;

export function escalationReply(step: EscalationStep, approval: Approval): string {
  return truncate(step === 'reminder' ? reminder(approval) : escalation(approval), limits.sectionText);
}

function reminder(approval: Approval): string {
  return `:bell: ${waitedFor(approval)}: ${stillWaits(approval)}, until ${time(approval.deadline)}.`;
}

function escalation(approval: Approval): string {
  const { request, votes } = approval;
  const until = time(approval.deadline);
  const people = escalationTargets(approval).map(mention);
  if (people.length === 0)
    return `:rotating_light: ${waitedFor(approval)}, for the last time: ${stillWaits(approval)}, until ${until}.`;
  const begun = Object.keys(votes).length > 0;
  const what = begun ? stillWaits(approval) : `nobody has decided on *${requestTitle(request)}*`;
  return `:rotating_light: ${formatList(people, 'and')}: ${what}; you may approve it too, until ${until}.`;
}

function stillWaits({ request, votes, outstanding }: Approval): string {
  const more = Object.keys(votes).length > 0 ? ' more' : '';
  const wanted = outstanding === 1 ? `one${more} approval` : `${outstanding}${more} approvals`;
  return `*${requestTitle(request)}* still waits for ${wanted}`;
}

function waitedFor(approval: Approval): string {
  const left = mayStillApprove(approval);
  const ids = left.length > 0 && left.length <= NAMED ? left : approval.policy.approvers;
  return formatList(ids.map(mention), 'or');
}
