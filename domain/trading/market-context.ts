// How the price of a symbol moved, as a fact and a chart of the request. The state Pre-Trade Check adds them.
import type { Chart, Fact } from '../request.ts';
import type { MarketDay } from './market.ts';
import { usdPrice } from './prices.ts';
import type { TradeTerms } from './trade-terms.ts';

/** The day's range, and the change since the last price of the day before. @param price USD a share */
export function dayRange({ low, high, previousClose }: MarketDay, price: number): Fact {
  const percent = (price / previousClose - 1) * 100;
  const change = `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(2)} %`;
  return {
    label: "Day's range",
    value: `${usdPrice(low)} to ${usdPrice(high).replace('USD ', '')}, ${change} on the day`,
  };
}

/** The prices of the last hour and the limit. The times are in UTC, because Slack draws them as texts. */
export function priceChart({ symbol, limitPrice }: TradeTerms, { lastHour }: MarketDay): Chart {
  return {
    title: `${symbol} in the last hour (UTC)`,
    labels: lastHour.map(({ at }) => at.slice(11, 16)),
    series: [
      { name: 'Price', values: lastHour.map(({ price }) => price) },
      { name: 'Limit', values: lastHour.map(() => Number(limitPrice)) },
    ],
    unit: 'USD a share',
  };
}
