// Reads and validates the approval settings from CDK context (`cdk.json`, or `-c name=value`). The app of a workflow
// calls it, and reads its own settings with the functions of `read-setting.ts`.
import { Duration } from 'aws-cdk-lib';
import type { Node } from 'constructs';
import { ALL_OUTCOMES, type Outcome } from '../domain/outcomes.ts';
import type { Tier } from '../domain/policy.ts';
import { isSlackAddress } from '../aws/names/slack-address.ts';
import { type AccountSettings, accountSettings } from './account-settings.ts';
import { AUDIT_LEGAL_HOLD, AUDIT_RETENTION_MODES, type AuditSettings } from './audit-bucket.ts';
import type { ApprovalPolicy } from './approval-policy.ts';
import { InvalidSetting } from './invalid-setting.ts';
import { GUESTS, type PeopleSettings, STARTED_OUTSIDE_SLACK } from './people-rules.ts';
import { invalidSetting, list, oneOf, type Read, text, wholeNumber } from './read-setting.ts';
import { BadTiers, readTiers } from './tiers-setting.ts';

/** The settings of a stage, which hold for all its policies. */
export interface StageSettings extends PeopleSettings, AuditSettings, AccountSettings {
  /** Part of every resource name, so that one account can hold several stacks. */
  readonly stage: string;
  /** `RESPONSE_STREAM` sends the bot's answer as soon as it is known; `BUFFERED` sends it when the invocation ends. */
  readonly invokeMode: (typeof INVOKE_MODES)[number];
  /** Maximum number of invocations of the bot at once, which Lambda reserves for it. 0: no limit of its own. */
  readonly botConcurrency: number;
  /** Base address of Slack's Web API, with the closing slash. */
  readonly slackApiUrl: string;
}

/** The settings in CDK context: those of the stage, and those of one policy. */
export interface ApprovalSettings extends StageSettings {
  readonly policies: { readonly default: Required<Omit<ApprovalPolicy, NotInContext>> };
}

/** What an app can set for a policy in code only. */
type NotInContext = 'approvals' | 'approveLabel' | 'declineLabel';

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html */
const INVOKE_MODES = ['RESPONSE_STREAM', 'BUFFERED'] as const;

/** Id of a Slack user or user group. */
const ID = /^[UWS][A-Z0-9]{2,}$/;

/**
 * Returns a function that reads a setting by name.
 * @param own names of the workflow's own settings
 * @throws InvalidSetting if context has a name that is neither an approval setting nor one of the workflow's
 */
export function settingsOf(node: Node, own: readonly string[]): Read {
  rejectUnknown(Object.keys(node.getAllContext()), [...Object.keys(NAMES), ...own]);
  rejectBoundaryAsText(node.tryGetContext(BOUNDARY));
  return (name) => node.tryGetContext(name);
}

/** @throws InvalidSetting for the first invalid setting */
export function approvalSettings(read: Read): ApprovalSettings {
  return {
    stage: text(read, 'stage', /^[a-z][a-z0-9-]{0,19}$/, 'a short name in lower case, such as dev'),
    policies: { default: policy(read) },
    guests: oneOf(read, 'guests', GUESTS),
    maxDelegationDays: wholeNumber(read, 'maxDelegationDays', 1, 365),
    maxRequestsPerHour: wholeNumber(read, 'maxRequestsPerHour', 1, 10_000),
    startedOutsideSlack: oneOf(read, 'startedOutsideSlack', STARTED_OUTSIDE_SLACK),
    auditRetentionMode: oneOf(read, 'auditRetentionMode', AUDIT_RETENTION_MODES),
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html
    auditRetentionDays: wholeNumber(read, 'auditRetentionDays', 1, 36_500),
    auditLegalHold: oneOf(read, 'auditLegalHold', AUDIT_LEGAL_HOLD),
    invokeMode: oneOf(read, 'invokeMode', INVOKE_MODES),
    botConcurrency: wholeNumber(read, 'botConcurrency', 0, 10_000),
    slackApiUrl: slackApiUrl(read),
    ...accountSettings(read),
  };
}

function policy(read: Read): ApprovalSettings['policies']['default'] {
  const approvers = ids(read, 'approvers');
  const escalateTo = read('escalateTo') === '' ? [] : ids(read, 'escalateTo');
  const escalateAtPercent = wholeNumber(read, 'escalateAtPercent', 0, 99);
  return {
    channel: text(read, 'channel', /^[CG][A-Z0-9]{5,}$/, "a Slack channel's id, such as C0123456789"),
    approvers,
    tiers: tiers(read, approvers),
    confirmFromUsd: wholeNumber(read, 'confirmFromUsd', 0, 1_000_000_000),
    remindAtPercent: wholeNumber(read, 'remindAtPercent', 0, 99),
    // Without people to escalate to, the percentage has no effect.
    escalateAtPercent: escalateTo.length > 0 ? escalateAtPercent : 0,
    escalateTo,
    broadcast: read('broadcast') === '' ? [] : broadcast(read),
    // A standard execution can run for one year:
    // https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
    timeout: Duration.seconds(wholeNumber(read, 'approvalTimeoutSeconds', 30, 31_000_000)),
    delegates: delegates(read),
  };
}

/** The names of a policy's props in context. */
type ContextName = Exclude<keyof ApprovalPolicy, NotInContext | 'timeout'> | 'approvalTimeoutSeconds';

const NAMES: Readonly<Record<keyof StageSettings | ContextName, true>> = {
  stage: true,
  channel: true,
  approvers: true,
  tiers: true,
  confirmFromUsd: true,
  remindAtPercent: true,
  escalateAtPercent: true,
  escalateTo: true,
  broadcast: true,
  approvalTimeoutSeconds: true,
  guests: true,
  delegates: true,
  maxDelegationDays: true,
  maxRequestsPerHour: true,
  startedOutsideSlack: true,
  auditRetentionMode: true,
  auditRetentionDays: true,
  auditLegalHold: true,
  invokeMode: true,
  botConcurrency: true,
  slackApiUrl: true,
  kmsKeyArn: true,
  tags: true,
  tracing: true,
};

/** Without this check, a setting with a misspelled name would be ignored. Names with `:` or `/` are CDK's own. */
function rejectUnknown(given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((name) => !known.includes(name) && !/[:/]/.test(name));
  if (unknown === undefined) return;
  throw new InvalidSetting(`There is no setting "${unknown}". The settings are: ${known.join(', ')}.`);
}

/** https://docs.aws.amazon.com/cdk/v2/guide/customize-permissions-boundaries.html */
const BOUNDARY = '@aws-cdk/core:permissionsBoundary';

/** CDK ignores a boundary that is a string, as on the command line, and then no role has one. */
function rejectBoundaryAsText(value: unknown): void {
  if (typeof value !== 'string' || value === '') return;
  throw new InvalidSetting(
    `"${BOUNDARY}" must be an object in \`cdk.json\`, such as {"name": "developers"}; it is ${JSON.stringify(value)}. CDK ignores a string.`,
  );
}

function broadcast(read: Read): readonly Outcome[] {
  const named = list(
    read,
    'broadcast',
    new RegExp(`^(${ALL_OUTCOMES.join('|')})$`),
    `a comma-separated list of ${ALL_OUTCOMES.join(', ')}, without duplicates, or empty`,
  );
  return ALL_OUTCOMES.filter((outcome) => named.includes(outcome));
}

function delegates(read: Read): NonNullable<ApprovalPolicy['delegates']> {
  const word = (['approvers', 'none', 'anyone'] as const).find((each) => each === read('delegates'));
  return (
    word ??
    list(
      read,
      'delegates',
      ID,
      'approvers, none, anyone, or a comma-separated list of Slack user or user group ids without duplicates',
    )
  );
}

function ids(read: Read, name: string): readonly string[] {
  return list(
    read,
    name,
    ID,
    'a comma-separated list of Slack user or user group ids, without duplicates, such as U012AB3CD,S0614TZR7',
  );
}

function slackApiUrl(read: Read): string {
  const value = read('slackApiUrl');
  if (typeof value === 'string' && value.endsWith('/') && isSlackAddress(value, true)) return value;
  throw invalidSetting(
    'slackApiUrl',
    value,
    'an address of slack.com or slack-gov.com that begins with https:// and ends with /, such as https://slack.com/api/',
  );
}

function tiers(read: Read, approvers: readonly string[]): readonly Tier[] {
  try {
    return readTiers(read('tiers'), approvers);
  } catch (error) {
    if (!(error instanceof BadTiers)) throw error;
    throw new InvalidSetting(
      `The setting "tiers" ${error.message}. Fix it in \`cdk.json\`, in \`SETTINGS\` in \`.env\`, or pass \`-c tiers='[…]'\`.`,
    );
  }
}
