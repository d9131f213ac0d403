// The private answers to a vote that was refused, or that may have been too late. `bot/decide.ts` and the listeners
// send them.
import type { Approval } from '../../domain/approval.ts';
import type { Ineligibility } from '../../domain/ineligibility.ts';
import { currentApprovers } from '../../domain/escalation.ts';
import type { Refusal, VoteAction } from '../../domain/votes.ts';
import { formatList, mention } from './mrkdwn.ts';
import { requestTitle } from './request-title.ts';
import { statusText } from './status-text.ts';

/** For a press of a button whose approval is not in the table. */
export const unknownApproval =
  'Nothing was decided: this request is not known here. It may still wait elsewhere: ask whoever runs this app before you start it once more.';

export function refusalMessage(
  refusal: Refusal,
  action: VoteAction,
  approval: Approval,
  ineligibility?: Ineligibility,
): string {
  const { label, sentence } = statusText(approval);
  const title = `*${requestTitle(approval.request)}*`;
  switch (refusal) {
    case 'unknown':
    case 'decided':
    case 'closed':
      return `Your press changed nothing. ${label}: ${title}. ${sentence}`;
    case 'past_deadline':
      return `Your press came too late, and nothing was decided: the time for ${title} is over. Once it has expired you can ask again from its message.`;
    case 'own_request':
      return `Nobody approves their own request: ${title} needs ${requiredApprovers(approval)}. You can withdraw it with Decline.`;
    case 'already_voted':
      return `Your approval of ${title} counts already. ${sentence}`;
    case 'replayed':
      return `Nothing changed: this press, or a later one of yours, was handled before. ${label}: ${title}. ${sentence}`;
    case 'no_vote':
      return `There is no approval of yours to take back. ${label}: ${title}. ${sentence}`;
    case 'not_an_approver':
      return `You cannot ${action} ${title}: ${ineligibilityTexts[ineligibility ?? 'none']} It is for ${formatList(currentApprovers(approval).map(mention), 'or')}.${ineligibility ? '' : JOINED_RECENTLY}`;
    case 'stale_membership':
      return `Nothing was decided: for more than 15 minutes it could not be checked in Slack who the approvers are, so ${title} takes no approval now. Try again in five minutes; your operator was told.`;
    case 'conflict':
      return `Nothing was decided: others pressed at the same moment. Press once more. ${sentence}`;
  }
}

const ineligibilityTexts: Readonly<Record<Ineligibility | 'none', string>> = {
  none: 'you are not among its approvers.',
  foreign: 'you are a member of another workspace.',
  bot: 'a bot approves nothing.',
  deactivated: 'your account is deactivated.',
  guest: 'guests may not approve here.',
  invited: 'you have not joined this workspace yet.',
  unknown: 'Slack does not know who you are.',
};

const JOINED_RECENTLY = ' If you have just become one, press again in five minutes.';

/** The approvers other than the requester, such as `@Ben or @Chloe`, or `2 of @Ben and @Chloe`. */
function requiredApprovers(approval: Approval): string {
  const { policy, requesters } = approval;
  const others = currentApprovers(approval)
    .filter((id) => !requesters.includes(id))
    .map(mention);
  return policy.approvals === 1
    ? formatList(others, 'or')
    : `${policy.approvals} of ${formatList(others, 'and')}`;
}

/** For a recorded decision, if Step Functions reports that the state does not wait any more. */
export function decisionMayBeLate({ request }: Approval): string {
  return `Your decision on *${requestTitle(request)}* is recorded, but its execution had stopped waiting or was answered before. The thread will tell how it ended.`;
}
