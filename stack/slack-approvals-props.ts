// The props of `SlackApprovals` and their defaults.
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { ApprovalPolicy } from './approval-policy.ts';
import type { StageSettings } from './settings.ts';

export interface SlackApprovalsProps extends Partial<StageSettings> {
  /** Name → policy. A state names its policy; `default` is that of a state that names none. */
  readonly policies: Readonly<Record<string, ApprovalPolicy>>;
  /** Name of the slash command, the same as in the app's manifest. Default: `/approvals`. */
  readonly command?: string;
  /**
   * Your own bot, with listeners of its own: a folder with `index.mjs`, which exports the `handler` of `countersign/bot`.
   * Default: the bot of approvals alone. docs/guides/extend-the-bot.md in the repository has an example.
   */
  readonly botCode?: Code;
}

export const DEFAULTS = {
  stage: 'prod',
  guests: 'none',
  maxDelegationDays: 30,
  maxRequestsPerHour: 30,
  startedOutsideSlack: 'as-usual',
  auditRetentionMode: 'governance',
  auditRetentionDays: 2_557,
  auditLegalHold: 'off',
  invokeMode: 'RESPONSE_STREAM',
  botConcurrency: 0,
  slackApiUrl: 'https://slack.com/api/',
  kmsKeyArn: '',
  tags: {},
  tracing: 'off',
  command: '/approvals',
} as const;
