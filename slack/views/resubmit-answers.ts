// The private answers to a press of the resubmit button. The listener of the button sends them.
import { type Approval, mayResubmit } from '../../domain/approval.ts';
import { mention } from './mrkdwn.ts';
import { requestTitle } from './request-title.ts';
import { statusText } from './status-text.ts';

export function resubmittedAnswer({ request }: Approval): string {
  return `Resubmitted: the new request may differ from *${requestTitle(request)}*.`;
}

export const notYoursToResubmit =
  'Nothing was asked: only the requester and the approvers can resubmit this.';

/** The execution has not ended, so a second one beside it might do the same action twice. */
export function stillRunning({ request }: Approval): string {
  return `Nothing was asked: the execution of *${requestTitle(request)}* is still running. Try again once its result is in the thread.`;
}

/** Step Functions forgets an execution 90 days after its end. */
export function forgotten({ request }: Approval): string {
  return `Nothing was asked: the execution of *${requestTitle(request)}* ended more than 90 days ago, and its input is deleted. Request it again with a new command.`;
}

/** The execution requested another approval after this one. */
export function wentOn({ request }: Approval): string {
  return `Nothing was asked: after *${requestTitle(request)}* the execution went on and asked for another approval.`;
}

export function notResubmitted(approval: Approval | undefined): string {
  if (!approval)
    return 'Nothing was asked: this app has no record of this request. It may still wait elsewhere, so ask your operator.';
  if (approval.resubmitted)
    return `${approval.resubmitted.by ? `${mention(approval.resubmitted.by)} already resubmitted this` : 'This was already resubmitted'}; see the newer message in the channel.`;
  if (mayResubmit(approval)) return 'This could not be resubmitted. Try once more.';
  const { label, sentence } = statusText(approval);
  return `This cannot be resubmitted. ${label}: *${requestTitle(approval.request)}*. ${sentence}`;
}
