// The Lambda entry of the state Check Stock Price.
import { tradingEnvironment } from '../../aws/trading/environment.ts';
import { checkStockPrice } from './check-stock-price.ts';

export const handler = checkStockPrice({
  symbols: tradingEnvironment('SYMBOLS').split(','),
  now: () => new Date(),
});
