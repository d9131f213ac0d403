// What a person hears, privately, who asked for the same trade once more. The listener of Ask again sends it.
import type { Approval } from '../../../domain/approval.ts';
import { proposal } from '../../views/request-title.ts';

export function tradeAskedAgain({ request }: Approval): string {
  return `Asked again, at the price of now: what is recommended may differ from *${proposal(request)}*.`;
}
