// The environment variables of the trading workflow's functions and of its bot, beside those of the approvals. The stack
// sets them by these names.

export type TradingVariable =
  /** Shares of a `/trade` that names no quantity. */
  | 'DEFAULT_QUANTITY'
  /** Name of the DynamoDB table of the paper broker's account. */
  | 'LEDGER_TABLE'
  /** ARN of the state machine that `/trade` starts. */
  | 'STATE_MACHINE_ARN'
  /** Symbols that may be traded, separated by commas. */
  | 'SYMBOLS';
