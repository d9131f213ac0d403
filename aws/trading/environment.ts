// Reads the environment variables of the trading workflow. The entry of each of its functions reads its own.
import { workflowEnvironment } from '../environment.ts';
import type { TradingVariable } from '../names/trading/variables.ts';

export function tradingEnvironment(name: TradingVariable): string {
  return workflowEnvironment(name);
}
