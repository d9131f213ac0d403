// The function of the state Check Stock Price: adds the price of the symbol to the input. Calls within the same minute
// return the same price.
import { quote } from '../../domain/trading/market.ts';
import { unknownSymbol } from '../../domain/trading/ticket.ts';
import { parse } from '../parse.ts';
import { tradeInput } from './trade-input.ts';

/** The symbol may not be traded. State machines match the error by this name. */
export class UnknownSymbol extends Error {
  override readonly name = 'UnknownSymbol';
}

export interface CheckStockPriceDependencies {
  readonly symbols: readonly string[];
  readonly now: () => Date;
}

export function checkStockPrice({ symbols, now }: CheckStockPriceDependencies) {
  return async (input: unknown) => {
    const trade = parse(tradeInput, input);
    if (!symbols.includes(trade.symbol)) throw new UnknownSymbol(unknownSymbol(trade.symbol, symbols));
    const { price, average, at } = quote(trade.symbol, now());
    return { ...trade, stock_price: price, average_price: average, priced_at: at };
  };
}
