// The environment variables of the functions, each named once. The stack sets them by these names, and the entry of each
// function reads its own with `environment()`. A workflow names its own variables elsewhere.

export type Variable =
  /** Ids of the Slack users and user groups who may approve, separated by commas; the bot has those of all tiers. */
  | 'APPROVERS'
  /** Name of the DynamoDB table of what people did. */
  | 'AUDIT_TABLE'
  /** Name of the DynamoDB table of approvals. */
  | 'APPROVALS_TABLE'
  /** How long a request waits for a decision, in seconds: the literal that stands in the state machine. */
  | 'APPROVAL_TIMEOUT_SECONDS'
  /** Kinds of results that are shown in the channel too, separated by commas; `none`: they stay in their threads. */
  | 'BROADCAST'
  /** Id of the Slack channel where approvals are asked, such as `C0123456789`. */
  | 'CHANNEL'
  /** Name of the slash command, such as `/approvals`. */
  | 'COMMAND'
  /** From this amount on, in USD, an approval is asked for twice. */
  | 'CONFIRM_FROM_USD'
  /** How the bot's answers leave it, as its Function URL has it: `RESPONSE_STREAM` or `BUFFERED`. */
  | 'INVOKE_MODE'
  /** When people are reminded and whom it goes to then, as JSON: parts of the time to decide, ids. */
  | 'ESCALATION'
  /** Address of the queue whose messages the function works on. */
  | 'QUEUE_URL'
  /** ARN of the SNS topic on which every ending of an execution is published. */
  | 'RESULTS_TOPIC_ARN'
  /** Base address of Slack's Web API, with the closing slash. */
  | 'SLACK_API_URL'
  /** ARN of the secret `{"botToken":"xoxb-…","signingSecret":"…"}`. */
  | 'SLACK_SECRET_ARN'
  /** ARNs of the state machines that ask for approval, separated by commas. */
  | 'STATE_MACHINE_ARNS'
  /** How many must approve up to which amount, as JSON: a list of tiers. */
  | 'TIERS';
