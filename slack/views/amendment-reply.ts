// The replies about a change of a pending request: to the people who had approved it, and that a change was not made.
// relay-result and the reconciler post them.
import type { Approval } from '../../domain/approval.ts';
import type { Request } from '../../domain/request.ts';
import { mayStillApprove, nobodyCanApprove } from '../../domain/votes.ts';
import { decisionLabel } from './decision-button.ts';
import { limits, truncate } from './limits.ts';
import { escapeMrkdwn, formatList, mention } from './mrkdwn.ts';
import { requestTitle } from './request-title.ts';

/** @param voters Slack user ids of the people whose approvals do not count any more */
export function amendedReply(approval: Approval, voters: readonly string[]): string {
  const people = formatList(voters.map(mention), 'and');
  const approvals = voters.length === 1 ? 'your approval was' : 'your approvals were';
  const counts = voters.length === 1 ? 'counts' : 'count';
  const mayPress = voters.some((id) => mayStillApprove(approval).includes(id)) && !nobodyCanApprove(approval);
  const again = mayPress
    ? ` Read the request again, and press ${escapeMrkdwn(decisionLabel('approved', approval))} if you approve it as it is now.`
    : '';
  return `:pencil2: *Changed: ${requestTitle(approval.request)}.* ${people}, ${approvals} for the earlier terms and no longer ${counts}.${again}`;
}

/** @param why the invalid field, as a sentence */
export function amendmentInvalidReply(why: string): string {
  const text = `:warning: *Not changed.* The workflow sent an invalid change of this request: ${escapeMrkdwn(why)} It stays as it is; tell your operator.`;
  return truncate(text, limits.sectionText);
}

/** @param request what the workflow wanted to ask instead */
export function amendmentAboveLimitReply(request: Request): string {
  return `:warning: *Not changed.* The workflow wanted to change this to *${requestTitle(request)}*, and the approvers of this request may not approve that much. It stays as it is.`;
}
