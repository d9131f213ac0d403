// Refuses props of `SlackApprovals` with which nothing could be asked or approved. The constructor calls it; values that
// are known only in the deployment are not checked.
import { Token } from 'aws-cdk-lib';
import { InvalidSetting } from './invalid-setting.ts';
import type { ApprovalSettings } from './settings.ts';
import type { Tier } from './tiers-setting.ts';

type Checked = Pick<ApprovalSettings, 'stage' | 'channel' | 'approvers' | 'tiers' | 'escalateTo'>;

/** Throws the error of a prop. */
type Refuse = (prop: string, mustBe: string, found: string, example: object) => never;

const IDS = ['U012AB3CD', 'S0614TZR7'];
const TIERS = [
  { upToUsd: 1_000, approvals: 1 },
  { upToUsd: 50_000, approvals: 2 },
];

/**
 * @param path of the construct
 * @throws InvalidSetting for the first invalid prop
 */
export function checkProps(path: string, { stage, channel, approvers, tiers, escalateTo }: Checked): void {
  const refuse: Refuse = (prop, mustBe, found, example) => {
    const [[name, value] = ['', '']] = Object.entries(example);
    throw new InvalidSetting(
      `${path}: ${prop} must ${mustBe}; ${found}. For example: ${name}: ${JSON.stringify(value)}.`,
    );
  };
  if (!matches(stage, /^[a-z][a-z0-9-]{0,19}$/))
    refuse('stage', 'be a short name in lower case', `it is ${JSON.stringify(stage)}`, { stage: 'prod' });
  if (!matches(channel, /^[CG][A-Z0-9]{2,}$/))
    refuse(
      'channel',
      'be the id of a Slack channel, which its details in Slack show',
      `it is ${JSON.stringify(channel)}`,
      { channel: 'C0123456789' },
    );
  checkPeople('approvers', approvers, { approvers: IDS }, refuse);
  checkIds('escalateTo', escalateTo, { escalateTo: IDS }, refuse);
  checkTiers(tiers, approvers, refuse);
}

function checkPeople(prop: string, ids: readonly string[], example: object, refuse: Refuse): void {
  if (ids.length === 0) refuse(prop, 'be at least one id of a Slack user or user group', 'it is []', example);
  checkIds(prop, ids, example, refuse);
}

function checkIds(prop: string, ids: readonly string[], example: object, refuse: Refuse): void {
  const other = ids.find((id) => !matches(id, /^[UWS][A-Z0-9]{2,}$/));
  if (other !== undefined)
    refuse(prop, 'be ids of Slack users or user groups', `it has ${JSON.stringify(other)}`, example);
  if (new Set(ids).size < ids.length)
    refuse(prop, 'name each id once', `it is ${JSON.stringify(ids)}`, example);
}

function checkTiers(tiers: readonly Tier[], approvers: readonly string[], refuse: Refuse): void {
  if (tiers.length === 0) refuse('tiers', 'have at least one tier', 'it is []', { tiers: TIERS });
  for (const [index, { upToUsd, approvals, approvers: own }] of tiers.entries()) {
    if (own) checkPeople(`tiers[${index}].approvers`, own, { approvers: IDS }, refuse);
    const before = tiers[index - 1]?.upToUsd ?? 0;
    if (upToUsd <= before)
      refuse(
        'tiers',
        'be sorted by amount',
        `tier ${index + 1} is up to USD ${upToUsd}, and the tier before it up to USD ${before}`,
        { tiers: TIERS },
      );
    const people = own ?? approvers;
    // Only Slack knows how many members a user group has.
    if (people.length < approvals && people.every((id) => matches(id, /^[UW]/) && !Token.isUnresolved(id)))
      refuse(
        'tiers',
        'not need more approvals than people are named',
        `tier ${index + 1} needs ${approvals} of ${people.join(', ')}`,
        { tiers: TIERS },
      );
  }
}

function matches(value: string, pattern: RegExp): boolean {
  return Token.isUnresolved(value) || pattern.test(value);
}
