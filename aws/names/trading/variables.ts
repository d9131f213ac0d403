// The environment variables of the trading workflow, in addition to those of the approvals. The stack sets them, and
// the entries of the workflow's functions and bot read them.

export type TradingVariable =
  /** Number of shares if `/trade` has no quantity. */
  | 'DEFAULT_QUANTITY'
  /** Name of the DynamoDB table with the account of the paper broker. */
  | 'LEDGER_TABLE'
  /** ARN of the state machine that `/trade` starts. */
  | 'STATE_MACHINE_ARN'
  /** Symbols that may be traded, separated by commas. */
  | 'SYMBOLS';
