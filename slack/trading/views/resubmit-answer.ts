// The private answer to a person who resubmits a trade. The listener of the resubmit button sends it.
import type { Approval } from '../../../domain/approval.ts';
import { requestTitle } from '../../views/request-title.ts';

export function tradeResubmitted({ request }: Approval): string {
  return `Asked again, at the current price: the new recommendation may differ from *${requestTitle(request)}*.`;
}
