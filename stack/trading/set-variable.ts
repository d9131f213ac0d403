// Sets an environment variable of the trading workflow. The constructs of this folder call it.
import type { Function } from 'aws-cdk-lib/aws-lambda';
import type { TradingVariable } from '../../aws/names/trading/variables.ts';

export function setVariable(target: Function, name: TradingVariable, value: string): void {
  target.addEnvironment(name, value);
}
