// What a person hears, privately, who asked the same once more. The listener of Ask again sends it.
import { type Approval, mayAskAgain } from '../../domain/approval.ts';
import { mention } from './mrkdwn.ts';
import { proposal } from './request-title.ts';
import { standing } from './status-text.ts';

export function askedAgain({ request }: Approval): string {
  return `Asked again: what is asked now may differ from *${proposal(request)}*.`;
}

export const notYoursToAsk =
  'Nothing was asked: this can be asked again by who asked it, and by those who may approve it.';

export function notAskedAgain(approval: Approval | undefined): string {
  if (!approval)
    return 'Nothing was asked: this request is not known here. It may still wait elsewhere: ask whoever runs this app.';
  if (approval.again)
    return `${approval.again.by ? `${mention(approval.again.by)} has asked this` : 'This was asked'} again already; look further down in the channel.`;
  if (mayAskAgain(approval)) return 'This could not be asked again. Try once more.';
  const { word, sentence } = standing(approval);
  return `This cannot be asked again. ${word}: *${proposal(approval.request)}*. ${sentence}`;
}
