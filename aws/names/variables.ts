// The environment variables of the functions. The stack sets them, and each function reads those that it needs with
// `environment()`. A workflow defines its own variables in its own folder.

export type Variable =
  /**
   * Ids of the Slack users and user groups who may approve, separated by commas: for
   * request-approval those who may approve if a tier names nobody, for the bot also those whom the tiers name.
   */
  | 'APPROVERS'
  /** Name of the S3 bucket with the copies of the audit. */
  | 'AUDIT_BUCKET'
  /** `on`: each copy of an audit entry is stored with a legal hold. Otherwise `off`. */
  | 'AUDIT_LEGAL_HOLD'
  /** Name of the DynamoDB table of the audit. */
  | 'AUDIT_TABLE'
  /** Name of the DynamoDB table of approvals. */
  | 'APPROVALS_TABLE'
  /** The outcomes that are shown in the channel too, separated by commas, or `none`. */
  | 'BROADCAST'
  /** Id of the Slack channel for requests, such as `C0123456789`. */
  | 'CHANNEL'
  /** Name of the slash command, such as `/approvals`. */
  | 'COMMAND'
  /** From this amount on, in USD, the Approve button asks for confirmation. */
  | 'CONFIRM_FROM_USD'
  /** The invoke mode of the bot's Function URL: `RESPONSE_STREAM` or `BUFFERED`. */
  | 'INVOKE_MODE'
  /** The escalation rules as JSON: fractions of the time to decide, and ids of users and user groups. */
  | 'ESCALATION'
  /** The rules about people as JSON: guests and delegates. */
  | 'PEOPLE_RULES'
  /** URL of the queue whose messages the function handles. */
  | 'QUEUE_URL'
  /** ARN of the SNS topic for the results of executions. */
  | 'RESULTS_TOPIC_ARN'
  /** Base URL of Slack's Web API, with the closing slash. */
  | 'SLACK_API_URL'
  /** ARN of the secret `{"botToken":"xoxb-…","signingSecret":"…"}`. */
  | 'SLACK_SECRET_ARN'
  /** The additional rule for executions that were started outside Slack, such as `one-more-approval`. */
  | 'STARTED_OUTSIDE_SLACK'
  /** How many executions one person may start in an hour. */
  | 'MAX_REQUESTS_PER_HOUR'
  /** ARNs of the state machines that request approval, separated by commas. */
  | 'STATE_MACHINE_ARNS'
  /** The tiers as JSON: how many people must approve up to which amount. */
  | 'TIERS';
