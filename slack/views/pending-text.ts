// The sentences about a pending approval: the approvers, the deadline, the votes so far, and a warning if too few
// approvers are left. `status-text.ts` calls it.
import type { Approval } from '../../domain/approval.ts';
import { canBeDeclined, mayStillApprove, nobodyCanApprove } from '../../domain/votes.ts';
import { formatCurrentApprovers } from './current-approvers.ts';
import { formatList, mention, time } from './mrkdwn.ts';

export function pendingSentences(approval: Approval): readonly string[] {
  const hasVotes = Object.keys(approval.votes).length > 0;
  if (nobodyCanApprove(approval)) return [...(hasVotes ? [progress(approval)] : []), ...stuck(approval)];
  if (!hasVotes) return [requestSentence(approval)];
  const until = time(approval.deadline);
  return [progress(approval), `${formatCurrentApprovers(approval, 'or')} may still approve, until ${until}.`];
}

/** Says that too few people may approve, and what can still happen. */
export function stuck(approval: Approval): readonly string[] {
  const { votes, deadline } = approval;
  const others = Object.keys(votes).length > 0 ? 'nobody else may' : 'nobody is left who may';
  const reason =
    mayStillApprove(approval).length > 0 ? `only ${formatCurrentApprovers(approval, 'and')} may` : others;
  const end = canBeDeclined(approval)
    ? `It can be declined until ${time(deadline)}, then it expires.`
    : `It expires at ${time(deadline)}.`;
  return [`As things are, nobody can approve this: ${reason}.`, end];
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
  const { policy, deadline } = approval;
  return policy.approvals === 1
    ? `${formatCurrentApprovers(approval, 'or')}, decide by ${time(deadline)}.`
    : `${formatCurrentApprovers(approval, 'and')}, ${policy.approvals} of you must approve by ${time(deadline)}.`;
}

function progress(approval: Approval): string {
  const { policy, votes } = approval;
  const approvals = votesByTime(votes).map(
    ([id, { at }]) => `${voterMention(id, approval)} approved at ${time(at)}`,
  );
  return `${approvals.length} of ${policy.approvals}: ${formatList(approvals, 'and')}.`;
}
