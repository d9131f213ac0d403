// The function of the state Generate Buy/Sell recommendation: adds the recommended trade, its reason, and the request
// for approval. It is a pure function, so the same input always returns the same output.
import { recommend, tradeRequest } from '../../domain/trading/recommendation.ts';
import { tradeTerms } from '../../domain/trading/trade-terms.ts';
import { parse } from '../parse.ts';
import { pricedTrade } from './trade-input.ts';

export interface GenerateRecommendationDependencies {
  /** Number of shares if the input has no quantity. */
  readonly defaultQuantity: number;
}

export function generateRecommendation({ defaultQuantity }: GenerateRecommendationDependencies) {
  return async (input: unknown) => {
    const trade = parse(pricedTrade, input);
    const { symbol, stock_price: price, average_price: average, priced_at: at } = trade;
    const recommendation = recommend({ symbol, price, average, at }, trade.quantity ?? defaultQuantity);
    return {
      ...trade,
      quantity: recommendation.quantity,
      recommended_type: recommendation.side,
      reason: recommendation.reason,
      request: {
        ...tradeRequest(recommendation, { requester: trade.requestedBy, note: trade.note }),
        terms: tradeTerms(recommendation, trade.requestedBy),
      },
    };
  };
}
