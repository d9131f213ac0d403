// Reads the limits of trades from the environment variable. The entries of Pre-Trade Check, Buy Stock and Sell Stock call it.
import { tradingEnvironment } from '../../aws/trading/environment.ts';
import type { TradeLimits } from '../../domain/trading/pre-trade-checks.ts';

export function tradeLimits(): TradeLimits {
  return JSON.parse(tradingEnvironment('TRADE_LIMITS'));
}
