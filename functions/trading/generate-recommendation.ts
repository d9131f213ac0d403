// The function of the state Generate Buy/Sell recommendation: adds the recommended side, its reason, the terms of the trade,
// and the request for approval. It is a pure function, so the same input always returns the same output.
import { ACCOUNT, bandLimit, type TradeTerms } from '../../domain/trading/trade-terms.ts';
import { recommend, tradeRequest } from '../../domain/trading/recommendation.ts';
import { parse } from '../parse.ts';
import { pricedTrade } from './trade-input.ts';

export interface GenerateRecommendationDependencies {
  /** Number of shares if the input has no quantity. */
  readonly defaultQuantity: number;
  /** How far the default limit is from the price, in percent. */
  readonly priceBandPercent: number;
}

export function generateRecommendation(dependencies: GenerateRecommendationDependencies) {
  const { defaultQuantity, priceBandPercent } = dependencies;
  return async (input: unknown) => {
    const trade = parse(pricedTrade, input);
    const { symbol, stock_price: price, average_price: average, priced_at: at, requestedBy } = trade;
    const quote = { symbol, price, bid: trade.bid ?? price, ask: trade.ask ?? price, average, at };
    const recommendation = recommend(quote);
    const side = trade.side ?? recommendation.side;
    const terms: TradeTerms = {
      version: 2,
      side,
      symbol,
      quantity: trade.quantity ?? defaultQuantity,
      limitPrice:
        trade.limitPrice ?? bandLimit(side, side === 'buy' ? quote.ask : quote.bid, priceBandPercent),
      timeInForce: trade.timeInForce ?? 'day',
      account: ACCOUNT,
      ...(requestedBy === undefined ? {} : { requester: requestedBy }),
    };
    const context = { quote, recommendation, isSideChosen: trade.side !== undefined, note: trade.note };
    return {
      ...trade,
      quantity: terms.quantity,
      recommended_type: recommendation.side,
      reason: recommendation.reason,
      terms,
      request: { ...tradeRequest(terms, context), terms },
    };
  };
}
