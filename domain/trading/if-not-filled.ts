// Says, as a fact of the request, when an order that is not filled is cancelled. The state Pre-Trade Check adds the fact.
import type { Fact } from '../request.ts';
import type { TradeTerms } from './trade-terms.ts';

/** @param workSeconds how long an order may work at the broker */
export function ifNotFilled({ timeInForce }: TradeTerms, workSeconds: number): Fact {
  const when = timeInForce === 'ioc' ? 'at once' : `${duration(workSeconds)} after it is approved`;
  return { label: 'If not filled', value: `cancelled ${when}`, untilResult: true };
}

function duration(seconds: number): string {
  if (seconds % 60 !== 0) return seconds === 1 ? 'a second' : `${seconds} seconds`;
  return seconds === 60 ? 'a minute' : `${seconds / 60} minutes`;
}
