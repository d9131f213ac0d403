// Events that give the simulated market a chosen price. The support of the tests of orders stores them.
import { type MarketEvent, quotesOf } from '../../../domain/trading/market.ts';

export interface PriceTold {
  readonly price: number;
  /** Ask less bid, USD. 4 cents if absent. */
  readonly spread?: number;
  readonly ageSeconds?: number;
  readonly shares?: number;
}

const MINUTE = 60_000;
/** How long the price lasts, in minutes. */
const MINUTES = 30;

/** One event for each minute, because the simulated price changes each minute. @param told undefined: there is no quote */
export function priceEvents(
  symbol: string,
  since: Date,
  told: number | PriceTold | undefined,
): readonly MarketEvent[] {
  if (told === undefined) return [{ since: since.toISOString(), hasNoQuote: true }];
  const { price, spread = 0.04, ageSeconds = 0, shares } = typeof told === 'number' ? { price: told } : told;
  const unchanged = quotesOf(symbol);
  const firstMinute = Math.floor(since.getTime() / MINUTE);
  return Array.from({ length: MINUTES }, (_, index) => {
    const start = index === 0 ? since : new Date((firstMinute + index) * MINUTE);
    const base = unchanged(new Date(start.getTime() - ageSeconds * 1_000))?.price ?? price;
    return {
      since: start.toISOString(),
      factor: price / base,
      spreadPercent: (spread / price) * 100,
      ageSeconds,
      ...(shares !== undefined && { shares }),
    };
  });
}
