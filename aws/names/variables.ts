// The environment variables of the functions. The stack sets them, and each function reads those that it needs with
// `environment()`. A workflow defines its own variables in its own folder.

export type Variable =
  /** Ids of the Slack users and user groups who may approve by any policy, separated by commas. */
  | 'APPROVERS'
  /** Name of the S3 bucket with the copies of the audit. */
  | 'AUDIT_BUCKET'
  /** `on`: each copy of an audit entry is stored with a legal hold. Otherwise `off`. */
  | 'AUDIT_LEGAL_HOLD'
  /** Name of the DynamoDB table of the audit. */
  | 'AUDIT_TABLE'
  /** Name of the DynamoDB table of approvals. */
  | 'APPROVALS_TABLE'
  /** Ids of the Slack channels that the policies name, such as `C0123456789`, separated by commas. */
  | 'CHANNELS'
  /** Name of the slash command, such as `/approvals`. */
  | 'COMMAND'
  /** The invoke mode of the bot's Function URL: `RESPONSE_STREAM` or `BUFFERED`. */
  | 'INVOKE_MODE'
  /** Path of the stage's parameters of Systems Manager, such as `/countersign/prod`. */
  | 'PARAMETERS'
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
  | 'STATE_MACHINE_ARNS';
