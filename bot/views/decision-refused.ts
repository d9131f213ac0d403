// What a person hears, privately, whose press decided nothing. The listener of the press sends it.
import type { Approval, Refusal } from '../../domain/approval.ts';
import { plain } from './mrkdwn.ts';
import { standing } from './approval-message.ts';

export function decisionRefused(refusal: Refusal, approval: Approval | undefined): string {
  if (!approval)
    return 'This request is not known any more, so nothing was decided. Start a new one with `/trade`.';
  const title = plain(approval.request.title);
  switch (refusal) {
    case 'unknown':
    case 'decided':
      return `Your press changed nothing: *${title}* is already ${standing(approval)}.`;
    case 'late':
      return `Your press came too late: the time to decide on *${title}* is over. Nothing was decided.`;
    case 'over':
      return `Your press changed nothing: *${title}* is ${standing(approval)}.`;
  }
}

/** The decision stands, but Step Functions says that the wait was over. */
export function decisionMayBeLate(approval: Approval): string {
  return `Your decision on *${plain(approval.request.title)}* is recorded, but its execution had stopped waiting or was answered before. The thread will tell how it ended.`;
}
