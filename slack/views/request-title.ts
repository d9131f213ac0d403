// What is to be done and what is at stake, in one line: `Pay invoice 4711 for USD 1,822.00`. The message, the modals and
// the private answers name a request by it.
import type { Request } from '../../domain/request.ts';
import { usd } from '../../domain/usd.ts';
import { escapeMrkdwn } from './mrkdwn.ts';

/** As mrkdwn. */
export function requestTitle(request: Request): string {
  return escapeMrkdwn(plainRequestTitle(request));
}

/** As plain text, for what Slack shows as it is written. */
export function plainRequestTitle({ title, amount }: Request): string {
  return amount === undefined ? title : `${title} for ${usd(amount)}`;
}
