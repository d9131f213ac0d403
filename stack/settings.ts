// What can be set of approvals from outside: CDK context (`cdk.json`, or `-c name=value`), checked, with a message that says
// how to mend it. A workflow reads its own settings beside them, with the same readers; nothing else reads context.
import type { Node } from 'constructs';
import { BadTiers, readTiers, type Tier } from './tiers-setting.ts';

export interface ApprovalSettings {
  /** Part of every name, so that two stacks fit in one account. */
  readonly stage: string;
  /** Id of the Slack channel where approvals are asked. */
  readonly channel: string;
  /** Ids of the Slack users and user groups who may approve. */
  readonly approvers: readonly string[];
  /** How many of them must, up to which amount. */
  readonly tiers: readonly Tier[];
  /** From this amount on, in USD, an approval is asked for twice. */
  readonly confirmFromUsd: number;
  /** After how much of the time to decide people are reminded, in percent; 0: never. */
  readonly remindAtPercent: number;
  /** After how much of it others may approve too; 0: never. */
  readonly escalateAtPercent: number;
  /** Ids of those others, users and user groups; none: no escalation. */
  readonly escalateTo: readonly string[];
  /** Kinds of results that are shown in the channel too, and not only in their threads. */
  readonly broadcast: readonly string[];
  /** Seconds from entering the state to the expiry of the request. */
  readonly approvalTimeoutSeconds: number;
  /** How the bot's answers leave it: as soon as they are known, or when all that follows them is done. */
  readonly invokeMode: (typeof INVOKE_MODES)[number];
  /** Base address of Slack's Web API. */
  readonly slackApiUrl: string;
}

export class InvalidSetting extends Error {
  override readonly name = 'InvalidSetting';
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html */
const INVOKE_MODES = ['RESPONSE_STREAM', 'BUFFERED'] as const;

/** A select in Slack shows 100 options, and a function's environment holds 4 KB. */
const MOST_ITEMS = 100;

export type Read = (name: string) => unknown;

/**
 * What reads a setting by its name. Throws {@link InvalidSetting} where context has one that is neither of approvals nor
 * of the workflow's own.
 */
export function settingsOf(node: Node, own: readonly string[]): Read {
  refuseUnknown(Object.keys(node.getAllContext()), [...Object.keys(NAMES), ...own]);
  return (name) => node.tryGetContext(name);
}

/** Throws {@link InvalidSetting} naming the first that cannot be used. */
export function approvalSettings(read: Read): ApprovalSettings {
  const approvers = ids(read, 'approvers');
  return {
    stage: text(read, 'stage', /^[a-z][a-z0-9-]{0,19}$/, 'a short name in lower case, such as dev'),
    channel: text(read, 'channel', /^[CG][A-Z0-9]{5,}$/, "a Slack channel's id, such as C0123456789"),
    approvers,
    tiers: tiers(read, approvers),
    confirmFromUsd: whole(read, 'confirmFromUsd', 0, 1_000_000_000),
    remindAtPercent: whole(read, 'remindAtPercent', 0, 99),
    escalateAtPercent: whole(read, 'escalateAtPercent', 0, 99),
    escalateTo: read('escalateTo') === '' ? [] : ids(read, 'escalateTo'),
    broadcast: read('broadcast') === '' ? [] : broadcast(read),
    // A standard execution may last a year: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
    approvalTimeoutSeconds: whole(read, 'approvalTimeoutSeconds', 30, 31_000_000),
    invokeMode: invokeMode(read),
    slackApiUrl: text(
      read,
      'slackApiUrl',
      /^(https:\/\/|http:\/\/127\.0\.0\.1[:/])\S*\/$/,
      'an address ending in /, such as https://slack.com/api/',
    ),
  };
}

const NAMES: Readonly<Record<keyof ApprovalSettings, true>> = {
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
  invokeMode: true,
  slackApiUrl: true,
};

/** A misspelt name would leave the default in force without a word. What has a colon or a slash is CDK's own. */
function refuseUnknown(given: readonly string[], known: readonly string[]): void {
  const unknown = given.find((name) => !known.includes(name) && !/[:/]/.test(name));
  if (unknown === undefined) return;
  throw new InvalidSetting(`There is no setting "${unknown}". There are: ${known.join(', ')}.`);
}

function text(read: Read, name: string, shape: RegExp, wanted: string): string {
  const value = read(name);
  if (typeof value === 'string' && shape.test(value)) return value;
  throw refused(name, value, wanted);
}

export function whole(read: Read, name: string, least: number, most: number): number {
  const given = read(name);
  const value = /^\d+$/.test(String(given)) ? Number(given) : Number.NaN;
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw refused(name, read(name), `a whole number from ${least} to ${most}`);
}

export function list(read: Read, name: string, shape: RegExp, wanted: string): readonly string[] {
  const value = read(name);
  const items = typeof value === 'string' ? value.split(',').map((item) => item.trim()) : [];
  const sound = items.length > 0 && items.length <= MOST_ITEMS && items.every((item) => shape.test(item));
  if (sound && new Set(items).size === items.length) return items;
  throw refused(name, value, wanted);
}

function broadcast(read: Read): readonly string[] {
  const kinds = ['done', 'declined', 'expired', 'failed', 'cancelled'];
  return list(
    read,
    'broadcast',
    new RegExp(`^(${kinds.join('|')})$`),
    `kinds of results separated by commas, each once, of ${kinds.join(', ')}, or nothing`,
  );
}

function invokeMode(read: Read): ApprovalSettings['invokeMode'] {
  const value = read('invokeMode');
  const mode = INVOKE_MODES.find((each) => each === value);
  if (mode) return mode;
  throw refused('invokeMode', value, INVOKE_MODES.join(' or '));
}

function ids(read: Read, name: string): readonly string[] {
  return list(
    read,
    name,
    /^[UWS][A-Z0-9]{2,}$/,
    'ids of Slack users or user groups separated by commas, each once, such as U012AB3CD,S0614TZR7',
  );
}

function tiers(read: Read, approvers: readonly string[]): readonly Tier[] {
  try {
    return readTiers(read('tiers'), approvers);
  } catch (error) {
    if (!(error instanceof BadTiers)) throw error;
    throw new InvalidSetting(
      `The setting "tiers" ${error.message}. Mend it where it is set, in cdk.json or in SETTINGS of .env, or give it with -c tiers='[…]'`,
    );
  }
}

function refused(name: string, value: unknown, wanted: string): InvalidSetting {
  const found = value === undefined ? 'it is not set' : `it is ${JSON.stringify(value)}`;
  return new InvalidSetting(
    `The setting "${name}" must be ${wanted}; ${found}. Mend it where it is set, in cdk.json or in SETTINGS of .env, or give it with -c ${name}=…`,
  );
}
