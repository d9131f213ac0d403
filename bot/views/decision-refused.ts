// What a person hears, privately, whose press decided nothing, or decided perhaps too late. The listeners that decide
// send it.
import type { Approval, Refusal } from '../../domain/approval.ts';
import { proposal } from './proposal.ts';
import { standing } from './standing.ts';

export function decisionRefused(refusal: Refusal, approval: Approval | undefined): string {
  if (!approval)
    return 'Nothing was decided: this request is not known any more. Start a new one with `/trade`.';
  const { word, sentence } = standing(approval);
  const what = `*${proposal(approval.request)}*`;
  switch (refusal) {
    case 'unknown':
    case 'decided':
    case 'over':
      return `Your press changed nothing. ${word}: ${what}. ${sentence}`;
    case 'late':
      return `Your press came too late, and nothing was decided: the time for ${what} is over. Once it has expired you can ask again from its message.`;
  }
}

/** The decision stands, but Step Functions says that the wait was over. */
export function decisionMayBeLate({ request }: Approval): string {
  return `Your decision on *${proposal(request)}* is recorded, but its execution had stopped waiting or was answered before. The thread will tell how it ended.`;
}
