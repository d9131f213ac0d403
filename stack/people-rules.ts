// Reads the settings about people, which hold for every policy: guests, delegates, and requests from outside Slack.
// `settings.ts` calls it. The functions get the rules as JSON, in the format of `domain/people-rules.ts`.
import { InvalidSetting } from './invalid-setting.ts';
import type { Tier } from './tiers-setting.ts';

export const GUESTS = ['none', 'full', 'single-channel'] as const;
export const STARTED_OUTSIDE_SLACK = ['as-usual', 'one-more-approval', 'last-tier'] as const;

export interface PeopleSettings {
  /** Which guests may approve and request. `full`: guests of several channels. `single-channel`: all guests. */
  readonly guests: (typeof GUESTS)[number];
  /** Who may be a delegate. `approvers`: everyone named by `approvers` or by a tier. Or ids of users and user groups. */
  readonly delegates: 'approvers' | 'none' | 'anyone' | readonly string[];
  /** Maximum number of days, counted from today, for which a delegate may be named. */
  readonly maxDelegationDays: number;
  /** How many executions one person may start in an hour. */
  readonly maxRequestsPerHour: number;
  /** The additional rule for executions that were started outside Slack. */
  readonly startedOutsideSlack: (typeof STARTED_OUTSIDE_SLACK)[number];
}

/** The people whom the settings name as approvers: ids of Slack users and user groups. */
interface Named {
  readonly approvers: readonly string[];
  readonly tiers: readonly Tier[];
}

/** The value of the environment variable `PEOPLE_RULES`. */
export function peopleRules({
  guests,
  delegates,
  maxDelegationDays,
  ...named
}: PeopleSettings & Named): string {
  return JSON.stringify({ guests, delegates: delegateIds(delegates, named), maxDelegationDays });
}

function delegateIds(delegates: PeopleSettings['delegates'], named: Named): 'anyone' | readonly string[] {
  if (delegates === 'none') return [];
  return delegates === 'approvers' ? allApprovers(named) : delegates;
}

/** Slack ids of all approvers: the default ones and those that a tier names. */
export function allApprovers({ approvers, tiers }: Named): readonly string[] {
  return [...new Set([...approvers, ...tiers.flatMap((tier) => tier.approvers ?? [])])];
}

/**
 * Checks that every tier names enough people for a request from outside Slack. Skips tiers with a user group, because
 * only Slack knows how many members it has.
 * @throws InvalidSetting for the first tier that does not
 */
export function checkStartedOutsideSlack({
  approvers,
  tiers,
  startedOutsideSlack,
}: Named & Pick<PeopleSettings, 'startedOutsideSlack'>): void {
  if (startedOutsideSlack !== 'one-more-approval') return;
  for (const [index, tier] of tiers.entries()) {
    const named = tier.approvers ?? approvers;
    const needed = tier.approvals + 1;
    if (named.length >= needed || named.some((id) => id.startsWith('S'))) continue;
    throw new InvalidSetting(
      `The setting "startedOutsideSlack" is "one-more-approval", so tier ${index + 1} needs ${needed} approvals, but only ${named.join(', ')} may approve. Name more approvers, or set it to "as-usual".`,
    );
  }
}
