// The private answers to a vote that was refused, or that may have been too late. `bot/decide.ts` and the listeners
// send them.
import type { Approval } from '../../domain/approval.ts';
import type { Preferences } from '../../domain/out-of-office.ts';
import type { Ineligibility } from '../../domain/ineligibility.ts';
import { mayStillApprove, type Refusal, type VoteAction } from '../../domain/votes.ts';
import { formatCurrentApprovers } from './current-approvers.ts';
import { decisionLabel } from './decision-button.ts';
import { endOfDay } from './end-of-day.ts';
import { escapeMrkdwn, mention } from './mrkdwn.ts';
import { requestTitle } from './request-title.ts';
import { statusText } from './status-text.ts';

/** For a press of a button whose approval is not in the table. */
export const unknownApproval =
  'Nothing was decided: this app has no record of this request. It may still wait elsewhere, so ask your operator before you request it again.';

/** What is known about the person whose action was refused. */
export interface RefusedPerson {
  /** Slack user id. */
  readonly by?: string | undefined;
  readonly ineligibility?: Ineligibility | undefined;
  /** Set if the person would be an approver, but was out when the approvers were last resolved. */
  readonly preferences?: Preferences | undefined;
}

export function refusalMessage(
  refusal: Refusal,
  action: VoteAction,
  approval: Approval,
  person: RefusedPerson = {},
): string {
  const { label, sentence } = statusText(approval);
  const title = `*${requestTitle(approval.request)}*`;
  switch (refusal) {
    case 'decided':
      return `Already decided. ${label}: ${title}. ${sentence}`;
    case 'unknown':
    case 'closed':
      return `Nothing changed. ${label}: ${title}. ${sentence}`;
    case 'past_deadline':
      return `Your press came too late, and nothing was decided: the time for ${title} is over. Once it has expired you can resubmit it from its message.`;
    case 'own_request':
      return `You can't approve your own request. ${requiredApprovers(approval)}${person.by === approval.requester ? ` To withdraw it, press ${escapeMrkdwn(decisionLabel('declined', approval))}.` : ''}`;
    case 'already_voted':
      return `You already approved this. ${sentence}`;
    case 'replayed':
      return `Nothing changed: this press, or a later one of yours, was handled before. ${label}: ${title}. ${sentence}`;
    case 'no_vote':
      return `You have not approved this, so there is nothing to undo. ${label}: ${title}. ${sentence}`;
    case 'not_an_approver':
      return `You can't ${action} ${title}: ${whyNotAnApprover(person, approval)}`;
    case 'terms_changed':
      return `Nothing was decided: ${title} was changed after this message was shown to you. Read it again, then press.`;
    case 'stale_membership':
      if (approval.amendments && Date.parse(approval.approversResolvedAt) === 0)
        return `Nothing was decided: ${title} was changed, and it is being checked who may approve it now. Press again in a minute.`;
      return `Nothing was decided: Slack has not confirmed the approvers for more than 15 minutes, so ${title} cannot be approved now. Try again in five minutes; your operator was told.`;
    case 'conflict':
      return `Nothing was decided: others pressed at the same moment. Press once more. ${sentence}`;
  }
}

function whyNotAnApprover(person: RefusedPerson, approval: Approval): string {
  const { ineligibility, preferences } = person;
  const approvers = requiredApprovers(approval);
  if (ineligibility) return `${ineligibilityTexts[ineligibility]} ${approvers}`;
  if (preferences) return awayText(person.by, preferences, approval);
  return `you are not among its approvers. ${approvers} If you have just become one, press again in five minutes.`;
}

const ineligibilityTexts: Readonly<Record<Ineligibility, string>> = {
  foreign: 'you are a member of another workspace.',
  bot: 'bots cannot approve.',
  deactivated: 'your account is deactivated.',
  guest: 'guests may not approve here.',
  invited: 'you have not joined this workspace yet.',
  unknown: 'Slack does not know who you are.',
};

/** The preferences may be newer than the approvers: the person may be back. */
function awayText(by: string | undefined, preferences: Preferences, approval: Approval): string {
  const { delegateFor, votes } = approval;
  const approvers = requiredApprovers(approval);
  const delegate = Object.keys(delegateFor).find((id) => delegateFor[id] === by);
  if (delegate && delegate in votes)
    return `${mention(delegate)} approved it in your place while you were out. ${approvers}`;
  if (!preferences.outUntil)
    return `you were out of office until a moment ago. Press again in five minutes. ${approvers}`;
  const back = 'If you are back, change this in the Home of this app, and press again in five minutes.';
  return `you are out of office until the end of ${endOfDay(preferences)}. ${approvers} ${back}`;
}

/** Says who can approve, such as `@Ben or @Chloe can approve it.` */
function requiredApprovers(approval: Approval): string {
  const { outstanding } = approval;
  if (mayStillApprove(approval).length === 0) return 'As things are, nobody can approve it.';
  return outstanding === 1
    ? `${formatCurrentApprovers(approval, 'or')} can approve it.`
    : `${outstanding} of ${formatCurrentApprovers(approval, 'and')} must approve it.`;
}

/** For a recorded decision, if Step Functions reports that the state does not wait any more. */
export function decisionMayBeLate({ request }: Approval): string {
  return `Your decision on *${requestTitle(request)}* is recorded, but it may have come too late to take effect. The result will be in the thread.`;
}
