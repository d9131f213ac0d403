// The private answer to a person who resubmits a trade. The listener of the resubmit button sends it.
import type { Result } from '../../../domain/approval.ts';
import type { Request } from '../../../domain/request.ts';
import { escapeMrkdwn } from '../../views/mrkdwn.ts';
import { requestTitle } from '../../views/request-title.ts';

export function tradeResubmitted(resubmitted: {
  readonly request: Request;
  readonly result?: Result | undefined;
}): string {
  const { request, result } = resubmitted;
  if (result?.resubmit) return `Resubmitted: *${escapeMrkdwn(request.title)}*, with a new limit.`;
  return `Resubmitted at the current price: the new request may differ from *${requestTitle(request)}*.`;
}
