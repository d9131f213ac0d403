// The private answer to a person who resubmits a trade. The listener of the resubmit button sends it.
import type { Request } from '../../../domain/request.ts';
import { requestTitle } from '../../views/request-title.ts';

export function tradeResubmitted({ request }: { readonly request: Request }): string {
  return `Asked again, at the current price: the new recommendation may differ from *${requestTitle(request)}*.`;
}
