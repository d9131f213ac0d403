// The private answers to a vote that was refused, or that may have been too late. `bot/decide.ts` and the listeners
// send them.
import type { Approval } from '../../domain/approval.ts';
import type { Preferences } from '../../domain/out-of-office.ts';
import type { Ineligibility } from '../../domain/ineligibility.ts';
import { mayStillApprove, type Refusal, type VoteAction } from '../../domain/votes.ts';
import { formatCurrentApprovers } from './current-approvers.ts';
import { endOfDay } from './end-of-day.ts';
import { mention } from './mrkdwn.ts';
import { requestTitle } from './request-title.ts';
import { statusText } from './status-text.ts';

/** For a press of a button whose approval is not in the table. */
export const unknownApproval =
  'Nothing was decided: this request is not known here. It may still wait elsewhere: ask whoever runs this app before you start it once more.';

/** What more is known about a person who is not among the approvers. */
export interface NotAnApprover {
  readonly ineligibility?: Ineligibility | undefined;
  /** Set if the person would be an approver, but was out when the approvers were last resolved. */
  readonly away?: { readonly by: string; readonly preferences: Preferences } | undefined;
}

export function refusalMessage(
  refusal: Refusal,
  action: VoteAction,
  approval: Approval,
  person: NotAnApprover = {},
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
      return `You cannot ${action} ${title}: ${whyNotAnApprover(person, approval)}`;
    case 'stale_membership':
      return `Nothing was decided: for more than 15 minutes it could not be checked in Slack who the approvers are, so ${title} takes no approval now. Try again in five minutes; your operator was told.`;
    case 'conflict':
      return `Nothing was decided: others pressed at the same moment. Press once more. ${sentence}`;
  }
}

function whyNotAnApprover({ ineligibility, away }: NotAnApprover, approval: Approval): string {
  const approvers =
    mayStillApprove(approval).length > 0
      ? `It is for ${formatCurrentApprovers(approval, 'or')}.`
      : 'As things are, nobody can approve it.';
  if (ineligibility) return `${ineligibilityTexts[ineligibility]} ${approvers}`;
  if (away) return `${awayText(away, approval)} ${approvers}`;
  return `you are not among its approvers. ${approvers} If you have just become one, press again in five minutes.`;
}

const ineligibilityTexts: Readonly<Record<Ineligibility, string>> = {
  foreign: 'you are a member of another workspace.',
  bot: 'a bot approves nothing.',
  deactivated: 'your account is deactivated.',
  guest: 'guests may not approve here.',
  invited: 'you have not joined this workspace yet.',
  unknown: 'Slack does not know who you are.',
};

/** The preferences may be newer than the approvers: the person may be back. */
function awayText(
  { by, preferences }: NonNullable<NotAnApprover['away']>,
  { delegateFor, votes }: Approval,
): string {
  const delegate = Object.keys(delegateFor).find((id) => delegateFor[id] === by);
  if (delegate && delegate in votes)
    return `${mention(delegate)} approved it in your place while you were out.`;
  if (!preferences.outUntil) return 'you were out of office until a moment ago. Press again in five minutes.';
  const instead = delegate ? `, and ${mention(delegate)} approves in your place` : '';
  return `you are out of office until the end of ${endOfDay(preferences)}${instead}. If you are back, change this in the Home of this app, and press again in five minutes.`;
}

/** The approvers other than the requester, such as `@Ben or @Chloe`, or `2 of @Ben and @Chloe`. */
function requiredApprovers(approval: Approval): string {
  const { outstanding } = approval;
  return outstanding === 1
    ? formatCurrentApprovers(approval, 'or')
    : `${outstanding} of ${formatCurrentApprovers(approval, 'and')}`;
}

/** For a recorded decision, if Step Functions reports that the state does not wait any more. */
export function decisionMayBeLate({ request }: Approval): string {
  return `Your decision on *${requestTitle(request)}* is recorded, but its execution had stopped waiting or was answered before. The thread will tell how it ended.`;
}
