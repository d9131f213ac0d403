// The requests and results of trades in the gallery, made as the trading workflow makes them.
import type { Result } from '../../domain/approval.ts';
import type { MarketDay, Quote } from '../../domain/trading/market.ts';
import { accountEffects } from '../../domain/trading/account-effects.ts';
import { ifNotFilled } from '../../domain/trading/if-not-filled.ts';
import { dayRange, priceChart } from '../../domain/trading/market-context.ts';
import { recommend, tradeRequest } from '../../domain/trading/recommendation.ts';
import { bandLimit, type TradeTerms } from '../../domain/trading/trade-terms.ts';

const quote: Quote = {
  symbol: 'AMZN',
  price: 182.2,
  bid: 182.18,
  ask: 182.22,
  average: 184.79,
  at: '2026-11-02T10:00:00.000Z',
};

const buy: TradeTerms = {
  version: 2,
  side: 'buy',
  symbol: 'AMZN',
  quantity: 10,
  limitPrice: bandLimit('buy', quote.ask, 1),
  timeInForce: 'day',
  account: 'paper',
  requester: 'U0ANA',
};

const context = { quote, recommendation: recommend(quote), isSideChosen: false };

const WORK_SECONDS = 300;
const account = { position: 40, cash: 612_000 };
const recommended = tradeRequest(buy, context);

/** The price fell in the last hour, minute by minute. */
const day: MarketDay = {
  low: 181.95,
  high: 186.4,
  previousClose: 185.1,
  lastHour: Array.from({ length: 20 }, (_, point) => ({
    at: new Date(Date.parse(quote.at) - (19 - point) * 3 * 60_000).toISOString(),
    price: Math.round((186.1 - 0.19 * point + 0.35 * Math.sin(point * 1.9)) * 100) / 100,
  })).with(19, { at: quote.at, price: quote.price }),
};

export const buyRequest = requestOf(buy, recommended);

const largeBuy: TradeTerms = { ...buy, quantity: 1_000 };

/** Its amount needs two approvals. */
export const largeBuyRequest = requestOf(largeBuy, tradeRequest(largeBuy, context));

const moved: Quote = { ...quote, price: 186.1, bid: 186.08, ask: 186.12, at: '2026-11-02T10:06:00.000Z' };

export const resubmittedRequest = tradeRequest(
  { ...buy, limitPrice: bandLimit('buy', moved.ask, 1) },
  { quote: moved, recommendation: recommend(moved), isSideChosen: true },
);

const sellTerms: TradeTerms = { ...buy, side: 'sell', limitPrice: '182.50', timeInForce: 'ioc' };
const sell = tradeRequest(sellTerms, { ...context, isSideChosen: true, note: 'Rebalancing' });

export const sellRequest = {
  ...sell,
  facts: [
    ...sell.facts,
    dayRange(day, quote.price),
    {
      label: '⚠️ Would not fill now',
      value: 'the limit is above the bid of USD 182.18, so the order would be cancelled at once',
      untilResult: true,
    },
    ifNotFilled(sellTerms, WORK_SECONDS),
    ...accountEffects(sellTerms, account),
  ],
};

export const priceMoved: Result = {
  outcome: 'unfilled',
  label: 'Not filled',
  text: 'The price moved from USD 182.20 to USD 186.10: the ask of USD 186.12 was above the limit of USD 184.05. No order is open.',
  resubmit: { label: 'Resubmit, limit 187.99', input: {} },
};

function requestOf(terms: TradeTerms, request: ReturnType<typeof tradeRequest>) {
  return {
    ...request,
    facts: [
      ...request.facts,
      dayRange(day, quote.price),
      ifNotFilled(terms, WORK_SECONDS),
      ...accountEffects(terms, account),
    ],
    chart: priceChart(terms, day),
  };
}
