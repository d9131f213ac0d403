// The sentences about a pending approval: the approvers, the deadline, the votes so far, and a warning if too few
// approvers are left. `status-text.ts` calls it.
import type { Approval } from '../../domain/approval.ts';
import { currentApprovers } from '../../domain/escalation.ts';
import { mayStillApprove, nobodyCanApprove } from '../../domain/votes.ts';
import { dayAndTime, formatList, mention, time } from './mrkdwn.ts';

export function pendingSentences(approval: Approval): readonly string[] {
  const hasVotes = Object.keys(approval.votes).length > 0;
  if (nobodyCanApprove(approval)) return hasVotes ? stuckAfterVotes(approval) : stuckBeforeVotes(approval);
  if (!hasVotes) return [requestSentence(approval)];
  const remaining = mayStillApprove(approval).map(mention);
  return [
    progress(approval),
    `${formatList(remaining, 'or')} may still approve, until ${deadline(approval)}.`,
  ];
}

/** The votes, oldest first. */
export function votesByTime(votes: Approval['votes']) {
  return Object.entries(votes).toSorted(([, one], [, other]) => one.at.localeCompare(other.at));
}

/** Mentions the voter, and for a delegate also the person for whom they voted. */
export function voterMention(id: string, { delegateFor }: Approval): string {
  const person = delegateFor[id];
  return person ? `${mention(id)} for ${mention(person)}` : mention(id);
}

function requestSentence(approval: Approval): string {
  const { policy, requesters } = approval;
  const people = currentApprovers(approval)
    .filter((id) => !requesters.includes(id))
    .map(mention);
  const task = policy.approvals === 1 ? 'decide' : `${policy.approvals} of you must approve`;
  return `${people.join(' ')}, ${task} by ${deadline(approval)}.`;
}

function progress(approval: Approval): string {
  const { policy, votes } = approval;
  const approvals = votesByTime(votes).map(
    ([id, { at }]) => `${voterMention(id, approval)} approved ${time(at)}`,
  );
  return `${approvals.length} of ${policy.approvals}: ${approvals.join(', ')}.`;
}

function stuckBeforeVotes(approval: Approval): readonly string[] {
  return [
    requestSentence(approval),
    tooFewApprovers(approval, 'nobody is left who may'),
    'It can be declined, or expires.',
  ];
}

function stuckAfterVotes(approval: Approval): readonly string[] {
  const end = `It can be declined until ${deadline(approval)}, then it expires.`;
  return [progress(approval), tooFewApprovers(approval, 'nobody else may'), end];
}

function tooFewApprovers(approval: Approval, nobodyLeft: string): string {
  const remaining = mayStillApprove(approval).map(mention);
  return `As things are, nobody can approve this: ${remaining.length > 0 ? `only ${formatList(remaining, 'and')} may` : nobodyLeft}.`;
}

/** The time of the deadline, with the day if the wait is long. */
function deadline({ askedAt, deadline: at }: Approval): string {
  return Date.parse(at) - Date.parse(askedAt) < HALF_A_DAY_MS ? time(at) : dayAndTime(at);
}

const HALF_A_DAY_MS = 12 * 60 * 60 * 1_000;
