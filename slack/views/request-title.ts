// The title of a request with its amount: `Pay invoice 4711, total USD 1,822.00`. The modals, the replies and the private
// answers show it.
import type { Request } from '../../domain/request.ts';
import { usd } from '../../domain/usd.ts';
import { cleanText, escapeMrkdwn } from './mrkdwn.ts';

/** The title as mrkdwn. */
export function requestTitle(request: Request): string {
  return escapeMrkdwn(titleWithAmount(request));
}

/** The title as plain text, for elements in which Slack does not format text. */
export function plainRequestTitle(request: Request): string {
  return cleanText(titleWithAmount(request));
}

function titleWithAmount({ title, amount }: Request): string {
  return amount === undefined ? title : `${title}, total ${usd(amount)}`;
}
