// Recommends a side, and turns a trade into a request for approval: the texts that people read. The state “Generate Buy/Sell
// recommendation” does both. `trade-terms.ts` has the terms that are compared before the trade.
import type { Fact, Request } from '../request.ts';
import type { Quote } from './market.ts';
import { usd } from '../usd.ts';
import { notional, shares, type Side, usdPrice } from './prices.ts';
import { amountAtStake, type TradeTerms } from './trade-terms.ts';

export interface Recommendation {
  readonly side: Side;
  /** Why the side is recommended, in one sentence. */
  readonly reason: string;
}

export function recommend({ price, average }: Pick<Quote, 'price' | 'average'>): Recommendation {
  const side: Side = price < average ? 'buy' : 'sell';
  if (price === average) return { side, reason: `The price is at the last hour's average.` };
  const percent = Math.abs((price / average - 1) * 100).toFixed(2);
  // Stryker disable next-line EqualityOperator: equal prices were handled above
  const where = price < average ? 'below' : 'above';
  return { side, reason: `The price is ${percent} % ${where} the last hour's average.` };
}

/** The parts of a request that are not in the terms. */
export interface RequestContext {
  readonly quote: Quote;
  readonly recommendation: Recommendation;
  /** Whether the requester chose the side. */
  readonly isSideChosen: boolean;
  readonly note?: string | undefined;
}

/** The request that people are asked to approve. */
export function tradeRequest(terms: TradeTerms, context: RequestContext): Request {
  const { requester } = terms;
  const { quote, note } = context;
  return {
    title: tradeTitle(terms),
    amount: amountAtStake(terms, quote.ask),
    amountLabel: amountLabel(terms, quote.ask),
    facts: factsOf(terms, quote),
    reason: opinion(terms, context),
    ...(note === undefined ? {} : { note }),
    ...(requester === undefined ? {} : { requester }),
  };
}

/** `Buy 10 AMZN`. */
export function tradeTitle({ side, quantity, symbol }: Omit<TradeTerms, 'version'>): string {
  return `${side === 'buy' ? 'Buy' : 'Sell'} ${shares(quantity)} ${symbol}`;
}

/** A sell may be filled above its limit, so its total is an estimate if the market is higher. */
function amountLabel({ side, limitPrice }: TradeTerms, ask: number): string {
  if (side === 'buy') return 'Total at most';
  return Number(limitPrice) < ask ? 'Estimated total' : 'Total at least';
}

function factsOf(terms: TradeTerms, { price, bid, ask, at }: Quote): readonly Fact[] {
  const { side, quantity } = terms;
  const limitPrice = Number(terms.limitPrice);
  const atLeast =
    amountLabel(terms, ask) === 'Estimated total'
      ? `; total at least ${usd(notional(limitPrice, quantity))} if filled`
      : '';
  return [
    { label: 'Limit', value: `${usdPrice(limitPrice)} or ${side === 'buy' ? 'less' : 'more'}${atLeast}` },
    { label: 'Price', value: usdPrice(price), at },
    {
      label: 'Bid / ask',
      value: `${usdPrice(bid)} / ${usdPrice(ask).replace('USD ', '')}, spread ${spreadPercent({ bid, ask })} %`,
    },
  ];
}

/** In percent of the midpoint between bid and ask. */
function spreadPercent({ bid, ask }: Pick<Quote, 'bid' | 'ask'>): string {
  return (((ask - bid) / ((bid + ask) / 2)) * 100).toFixed(2);
}

function opinion({ side }: TradeTerms, { recommendation, isSideChosen }: RequestContext): string {
  const { side: recommended, reason } = recommendation;
  if (!isSideChosen) return `Recommendation: ${recommended}, because ${lowerFirst(reason)}`;
  if (side === recommended) return `Matches the recommendation: ${lowerFirst(reason)}`;
  return `Against the recommendation to ${recommended}: ${lowerFirst(reason)}`;
}

function lowerFirst(sentence: string): string {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
}
