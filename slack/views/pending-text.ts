// What is said of an approval that is pending: who is asked and until when, how far it is and who may still approve; or
// that nobody can, where too few are left. `standing.ts` says it.
import type { Approval } from '../../domain/approval.ts';
import { currentApprovers } from '../../domain/escalation.ts';
import { mayStillApprove, nobodyCanApprove } from '../../domain/votes.ts';
import { dayAndTime, formatList, mention, time } from './mrkdwn.ts';

export function asked(approval: Approval): readonly string[] {
  const begun = Object.keys(approval.votes).length > 0;
  if (nobodyCanApprove(approval)) return begun ? stuckHalfway(approval) : stuckAtFirst(approval);
  if (!begun) return [wanted(approval)];
  const left = mayStillApprove(approval).map(mention);
  return [progress(approval), `${formatList(left, 'or')} may still approve, until ${deadline(approval)}.`];
}

/** Who approved and when, in that order. */
export function inOrder(votes: Approval['votes']) {
  return Object.entries(votes).toSorted(([, one], [, other]) => one.at.localeCompare(other.at));
}

/** Who takes another's place is named with them. */
export function voter(id: string, { delegateFor }: Approval): string {
  const person = delegateFor[id];
  return person ? `${mention(id)} for ${mention(person)}` : mention(id);
}

function wanted(approval: Approval): string {
  const { policy, request } = approval;
  const people = currentApprovers(approval)
    .filter((id) => id !== request.requester)
    .map(mention);
  const what = policy.approvals === 1 ? 'decide' : `${policy.approvals} of you must approve`;
  return `${people.join(' ')}, ${what} by ${deadline(approval)}.`;
}

function progress(approval: Approval): string {
  const { policy, votes } = approval;
  const given = inOrder(votes).map(([id, { at }]) => `${voter(id, approval)} approved ${time(at)}`);
  return `${given.length} of ${policy.approvals}: ${given.join(', ')}.`;
}

function stuckAtFirst(approval: Approval): readonly string[] {
  return [wanted(approval), nobodyCan(approval, 'nobody is left who may'), 'It can be declined, or expires.'];
}

function stuckHalfway(approval: Approval): readonly string[] {
  const end = `It can be declined until ${deadline(approval)}, then it expires.`;
  return [progress(approval), nobodyCan(approval, 'nobody else may'), end];
}

function nobodyCan(approval: Approval, nobody: string): string {
  const left = mayStillApprove(approval).map(mention);
  return `As things are, nobody can approve this: ${left.length > 0 ? `only ${formatList(left, 'and')} may` : nobody}.`;
}

/** The day is said where it may be another. */
function deadline({ askedAt, deadline: at }: Approval): string {
  return Date.parse(at) - Date.parse(askedAt) < HALF_A_DAY ? time(at) : dayAndTime(at);
}

const HALF_A_DAY = 12 * 60 * 60 * 1_000;
