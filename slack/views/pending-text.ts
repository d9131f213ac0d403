// The sentences about a pending approval: the approvers, the deadline, the votes so far, and a warning if too few
// approvers are left. `status-text.ts` calls it.
import type { Approval } from '../../domain/approval.ts';
import { canBeDeclined, mayStillApprove, nobodyCanApprove } from '../../domain/votes.ts';
import { formatCurrentApprovers } from './current-approvers.ts';
import { formatList, mention, time } from './mrkdwn.ts';

export function pendingSentences(approval: Approval): readonly string[] {
  const hasVotes = Object.keys(approval.votes).length > 0;
  if (nobodyCanApprove(approval))
    return [...(hasVotes ? [progress(approval)] : []), ...tooFewApprovers(approval)];
  return [...(hasVotes ? [progress(approval)] : []), requestSentence(approval)];
}

/** Says that too few people may approve, and what can still happen. */
export function tooFewApprovers(approval: Approval): readonly string[] {
  const { deadline } = approval;
  const reason =
    mayStillApprove(approval).length > 0
      ? `it needs ${approvalsNeeded(approval)}, and only ${formatCurrentApprovers(approval, 'and')} may approve`
      : 'nobody is left who may';
  return [
    `As things are, nobody can approve this: ${reason}.`,
    `If that does not change, it expires at ${time(deadline)}.`,
    ...(canBeDeclined(approval) ? ['It can be declined until then.'] : []),
  ];
}

/** Returns a text such as `one more approval`. */
export function approvalsNeeded({ votes, outstanding }: Approval): string {
  const more = Object.keys(votes).length > 0 ? ' more' : '';
  return outstanding === 1 ? `one${more} approval` : `${outstanding}${more} approvals`;
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

/** Such as `Needs 2 approvals from @Ben, @Chloe or @Dana by 10:15 AM`. */
function requestSentence(approval: Approval): string {
  const { deadline, policy } = approval;
  const needed = policy.approvals === 1 ? 'approval' : approvalsNeeded(approval);
  return `Needs ${needed} from ${formatCurrentApprovers(approval, 'or')} by ${time(deadline)}.`;
}

function progress(approval: Approval): string {
  const { policy, votes } = approval;
  const approvals = votesByTime(votes).map(([id, { at }]) => `${voterMention(id, approval)} at ${time(at)}`);
  return `${approvals.length} of ${policy.approvals} approvals: ${formatList(approvals, 'and')}.`;
}
