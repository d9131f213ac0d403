// Refuses a policy with which nothing could be asked or approved. `policies.ts` calls it; values that are known
// only in the deployment are not checked.
import { type Duration, Token } from 'aws-cdk-lib';
import type { ApprovalPolicy } from './approval-policy.ts';
import type { PolicySettings, Tier } from '../domain/policy.ts';
import { InvalidSetting } from './invalid-setting.ts';

/** Throws the error of a prop. */
type Refuse = (prop: string, mustBe: string, found: string, example: string) => never;

const IDS = '["U012AB3CD","S0614TZR7"]';
const TIERS = 'tiers: [{"upToUsd":1000,"approvals":1},{"upToUsd":50000,"approvals":2}]';

/**
 * Characters in the label of a modal's button, which repeats it: https://docs.slack.dev/reference/views/modal-views
 * A button of a message may have more.
 */
const MAX_LABEL = 24;

/** A standard execution can run for one year: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MAX_TIMEOUT_SECONDS = 31_000_000;
const MIN_TIMEOUT_SECONDS = 30;

/**
 * @param where the policy is in the app, such as `Stack/Approvals: policies.default`
 * @throws InvalidSetting for the first invalid prop
 */
export function checkPolicy(policy: ApprovalPolicy, { tiers }: PolicySettings, where: string): void {
  const refuse: Refuse = (prop, mustBe, found, example) => {
    throw new InvalidSetting(`${where}.${prop} must ${mustBe}; ${found}. For example: ${example}.`);
  };
  const { channel, approvers, escalateTo = [], delegates, timeout } = policy;
  if (!matches(channel, /^[CG][A-Z0-9]{2,}$/))
    refuse(
      'channel',
      'be the id of a Slack channel, which its details in Slack show',
      `it is ${JSON.stringify(channel)}`,
      'channel: "C0123456789"',
    );
  checkPeople('approvers', approvers, refuse);
  checkIds('escalateTo', escalateTo, refuse);
  if (typeof delegates === 'object') checkIds('delegates', delegates, refuse);
  if (policy.approvals !== undefined && policy.tiers)
    refuse('approvals', 'not be set together with tiers', 'both are', TIERS);
  checkTiers(tiers, approvers, policy.tiers ? 'tiers' : 'approvals', refuse);
  checkPercent('remindAtPercent', policy.remindAtPercent, refuse);
  checkPercent('escalateAtPercent', policy.escalateAtPercent, refuse);
  if (policy.escalateAtPercent && escalateTo.length === 0)
    refuse('escalateTo', 'name the people to escalate to', 'it is []', `escalateTo: ${IDS}`);
  if (timeout) checkTimeout(timeout, refuse);
  for (const prop of ['approveLabel', 'declineLabel'] as const) checkLabel(prop, policy[prop], refuse);
}

function checkPeople(prop: string, ids: readonly string[], refuse: Refuse): void {
  if (ids.length === 0)
    refuse(prop, 'be at least one id of a Slack user or user group', 'it is []', `approvers: ${IDS}`);
  checkIds(prop, ids, refuse);
}

function checkIds(prop: string, ids: readonly string[], refuse: Refuse): void {
  const example = `${prop.split('.').at(-1) ?? prop}: ${IDS}`;
  const other = ids.find((id) => !matches(id, /^[UWS][A-Z0-9]{2,}$/));
  if (other !== undefined)
    refuse(prop, 'be ids of Slack users or user groups', `it has ${JSON.stringify(other)}`, example);
  if (new Set(ids).size < ids.length)
    refuse(prop, 'name each id once', `it is ${JSON.stringify(ids)}`, example);
}

function checkTiers(
  tiers: readonly Tier[],
  approvers: readonly string[],
  prop: 'tiers' | 'approvals',
  refuse: Refuse,
): void {
  if (tiers.length === 0) refuse(prop, 'have at least one tier', 'it is []', TIERS);
  for (const [index, { upToUsd, approvals, approvers: own }] of tiers.entries()) {
    const what = prop === 'tiers' ? `tier ${index + 1}` : 'the policy';
    if (own) checkPeople(`tiers[${index}].approvers`, own, refuse);
    if (!Number.isInteger(approvals) || approvals < 1)
      refuse(
        prop,
        'need a whole number of approvals of at least 1',
        `${what} needs ${approvals}`,
        'approvals: 2',
      );
    const before = tiers[index - 1]?.upToUsd;
    if (before === undefined && upToUsd <= 0)
      refuse(prop, 'begin above USD 0', `tier 1 is up to USD ${upToUsd}`, TIERS);
    if (before !== undefined && upToUsd <= before)
      refuse(
        prop,
        'be sorted by amount',
        `tier ${index + 1} is up to USD ${upToUsd}, and the tier before it up to USD ${before}`,
        TIERS,
      );
    const people = own ?? approvers;
    // Only Slack knows how many members a user group has.
    if (people.length < approvals && people.every((id) => matches(id, /^[UW]/) && !Token.isUnresolved(id)))
      refuse(
        prop,
        'not need more approvals than people are named',
        `${what} needs ${approvals} approvals and names only ${people.join(', ')}`,
        'approvers: ["S0614TZR7"]',
      );
  }
}

function checkPercent(prop: string, value: number | undefined, refuse: Refuse): void {
  if (value === undefined || (value >= 0 && value < 100)) return;
  refuse(prop, 'be a percentage from 0 to 99', `it is ${value}`, `${prop}: 50`);
}

function checkTimeout(timeout: Duration, refuse: Refuse): void {
  if (timeout.isUnresolved()) return;
  const seconds = timeout.toSeconds({ integral: false });
  if (Number.isInteger(seconds) && seconds >= MIN_TIMEOUT_SECONDS && seconds <= MAX_TIMEOUT_SECONDS) return;
  refuse(
    'timeout',
    `be from ${MIN_TIMEOUT_SECONDS} to ${MAX_TIMEOUT_SECONDS} seconds`,
    `it is ${seconds} seconds`,
    'timeout: Duration.hours(4)',
  );
}

function checkLabel(prop: string, label: string | undefined, refuse: Refuse): void {
  if (label === undefined || (label.trim() !== '' && label.length <= MAX_LABEL)) return;
  const example = prop === 'approveLabel' ? 'Deploy' : 'Not now';
  const mustBe = `have 1 to ${MAX_LABEL} characters that are not all blank`;
  refuse(prop, mustBe, `it is ${JSON.stringify(label)}`, `${prop}: "${example}"`);
}

function matches(value: string, pattern: RegExp): boolean {
  return Token.isUnresolved(value) || pattern.test(value);
}
