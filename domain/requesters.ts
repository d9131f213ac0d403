// Who requested an approval, and who may see it. The requester is the person for whom the bot started the execution, or
// nobody who is known. A name in the input of an execution is only a claim: it can bar that person from approving, and
// gives no right.
import type { Approval } from './approval.ts';

/** Slack user id of a person whom the input names as requester, although the bot did not start the execution for them. */
export function claimedRequester({ requester, request }: Approval): string | undefined {
  return request.requester === requester ? undefined : request.requester;
}

/**
 * Whether this person may see the approval outside its channel: requesters, approvers, and members of the channel.
 * @param channels ids of the channels of which the person is a member
 */
export function maySee(approval: Approval, person: string, channels: ReadonlySet<string>): boolean {
  return isInvolved(approval, person) || channels.has(approval.channel);
}

/** Whether this person requested the approval, may approve it, or did something about it. */
export function isInvolved(approval: Approval, person: string): boolean {
  const { requesters, effectiveApprovers, history } = approval;
  const hasRequested = requesters.includes(person) && person !== claimedRequester(approval);
  return hasRequested || effectiveApprovers.includes(person) || history.some(({ by }) => by === person);
}
