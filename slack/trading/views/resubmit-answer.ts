// What a person hears, privately, who asked for the same trade once more. The listener of Ask again sends it.
import type { Approval } from '../../../domain/approval.ts';
import { requestTitle } from '../../views/request-title.ts';

export function tradeResubmitted({ request }: Approval): string {
  return `Asked again, at the price of now: what is recommended may differ from *${requestTitle(request)}*.`;
}
