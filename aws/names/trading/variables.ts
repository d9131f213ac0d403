// The environment variables of the trading workflow, in addition to those in `aws/names/variables.ts`. The stack sets
// them, and the workflow's functions and bot read them.

export type TradingVariable =
  /** Id of the Slack channel for requests, such as `C0123456789`. */
  | 'CHANNEL'
  /** Number of shares if `/trade` or the input of an execution has no quantity. */
  | 'DEFAULT_QUANTITY'
  /** Name of the DynamoDB table with the account of the paper broker. */
  | 'LEDGER_TABLE'
  /** ARN of the state machine that `/trade` starts. */
  | 'STATE_MACHINE_ARN'
  /** Symbols that may be traded, separated by commas. */
  | 'SYMBOLS';
