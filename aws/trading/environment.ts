// Reads the environment variables of the trading workflow. The workflow's functions and bot call it.
import { workflowEnvironment } from '../environment.ts';
import type { TradingVariable } from '../names/trading/variables.ts';

export function tradingEnvironment(name: TradingVariable): string {
  return workflowEnvironment(name);
}
