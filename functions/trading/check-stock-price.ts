// The function of the state Check Stock Price: adds the price of the symbol to the input. Calls within the same minute
// return the same price.
import type { Market } from '../../aws/trading/market.ts';
import { noPrice } from '../../domain/trading/pre-trade-checks.ts';
import { unknownSymbol } from '../../domain/trading/ticket.ts';
import { parse } from '../parse.ts';
import { tradeInput } from './trade-input.ts';
import { TradeRefused } from './trade-refused.ts';

export interface CheckStockPriceDependencies {
  readonly symbols: readonly string[];
  readonly market: Market;
  readonly now: () => Date;
}

export function checkStockPrice({ symbols, market, now }: CheckStockPriceDependencies) {
  return async (input: unknown) => {
    const trade = parse(tradeInput, input);
    if (!symbols.includes(trade.symbol)) throw new TradeRefused(unknownSymbol(trade.symbol, symbols));
    const quote = await market.quote(trade.symbol, now());
    if (!quote) throw new TradeRefused(noPrice(trade.symbol));
    const { price, bid, ask, average, at } = quote;
    return { ...trade, stock_price: price, bid, ask, average_price: average, priced_at: at };
  };
}
