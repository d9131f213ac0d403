// The title of a request with its amount: `Pay invoice 4711, total USD 1,822.00`. The text of a message, modals, replies,
// lists, Home and private answers show it.
import type { Approval } from '../../domain/approval.ts';
import type { Fact, Request } from '../../domain/request.ts';
import { usd } from '../../domain/usd.ts';
import { escapeMrkdwn } from './mrkdwn.ts';

/** The title as mrkdwn. */
export function requestTitle(request: Request): string {
  return escapeMrkdwn(titleWithAmount(request));
}

/** The title as mrkdwn, for a line that has the result: without the amount if the result has its own. */
export function titleWithResult({ request, result }: Approval): string {
  const hasAmount = result?.outcome === 'done' || result?.outcome === 'partly';
  return hasAmount ? escapeMrkdwn(request.title) : requestTitle(request);
}

function titleWithAmount({ title, amount }: Request): string {
  return amount === undefined ? title : `${title}, total ${usd(amount)}`;
}

/** The amount with its label, as the first of the facts. */
export function amountFact({ amount, amountLabel = 'Total' }: Request): readonly Fact[] {
  return amount === undefined ? [] : [{ label: amountLabel, value: usd(amount) }];
}
