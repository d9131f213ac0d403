// Market events that keep the price of a symbol at one value. Tests use them where the random walk of the simulated market
// would be in the way.
import { type MarketEvent, quote } from '../../domain/trading/market.ts';

const MINUTE = 60_000;

/**
 * One event a minute, from the minute of `from`. Bid and ask are 2 cents from the price.
 * @param price USD a share
 */
export function steadyMarket(
  symbol: string,
  price: number,
  { from, minutes }: { readonly from: Date; readonly minutes: number },
): readonly MarketEvent[] {
  const first = Math.floor(from.getTime() / MINUTE);
  return Array.from({ length: minutes }, (_, index) => {
    const since = new Date((first + index) * MINUTE);
    const usual = quote(symbol, since)?.price ?? price;
    return { since: since.toISOString(), factor: price / usual, spreadPercent: (0.04 / price) * 100 };
  });
}
