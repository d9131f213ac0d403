// The environment variables of the trading workflow, in addition to those in `aws/names/variables.ts`. The stack sets
// them, and the workflow's functions and bot read them.

export type TradingVariable =
  /** Id of the Slack channel for requests, such as `C0123456789`. */
  | 'CHANNEL'
  /** Number of shares if `/trade` or the input of an execution has no quantity. */
  | 'DEFAULT_QUANTITY'
  /** URL of the queue of executions that failed, timed out or were stopped. */
  | 'ENDED_EXECUTIONS_QUEUE_URL'
  /** Name of the DynamoDB table with the paper broker's account and orders, the reservations, and the events of the simulated market. */
  | 'LEDGER_TABLE'
  /** How far the default limit is from the price, in percent. */
  | 'PRICE_BAND_PERCENT'
  /** ARN of the state machine that `/trade` starts. */
  | 'STATE_MACHINE_ARN'
  /** Symbols that may be traded, separated by commas. */
  | 'SYMBOLS'
  /** The `TradeLimits` as JSON: which symbols, which of them are restricted, and the largest amount. */
  | 'TRADE_LIMITS';
