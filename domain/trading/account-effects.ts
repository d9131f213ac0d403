// The account before and after a trade, as facts of the request. The state Pre-Trade Check adds them.
import type { Fact } from '../request.ts';
import { usd } from '../usd.ts';
import { notional, shares } from './prices.ts';
import type { TradeTerms } from './trade-terms.ts';

/**
 * A limit order buys at its limit or below, and sells at its limit or above.
 * @param position shares that are held
 * @param cash USD, without the cash that open orders reserve
 */
export function accountEffects(
  { side, quantity, limitPrice }: TradeTerms,
  { position, cash }: { readonly position: number; readonly cash: number },
): readonly Fact[] {
  const sign = side === 'buy' ? 1 : -1;
  const after = cash - sign * notional(Number(limitPrice), quantity);
  return [
    {
      label: 'Position if filled',
      value: `from ${shares(position)} to ${shares(position + sign * quantity)}`,
      untilResult: true,
    },
    { label: 'Cash if filled', value: `at least ${usd(after)}`, untilResult: true },
  ];
}
