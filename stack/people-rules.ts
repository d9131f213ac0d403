// Reads the settings about people, which hold for every policy: guests, delegations, and requests from outside Slack.
// `settings.ts` calls it. The functions get the rules as JSON, in the format of `domain/people-rules.ts`.
import type { PolicySettings } from '../domain/policy.ts';
import { InvalidSetting } from './invalid-setting.ts';
import type { Policies } from './policies.ts';

export const GUESTS = ['none', 'full', 'single-channel'] as const;
export const STARTED_OUTSIDE_SLACK = ['as-usual', 'one-more-approval', 'last-tier'] as const;

export interface PeopleSettings {
  /** Which guests may approve and request. `full`: guests of several channels. `single-channel`: all guests. */
  readonly guests: (typeof GUESTS)[number];
  /** Maximum number of days, counted from today, for which a delegate may be named. */
  readonly maxDelegationDays: number;
  /** How many executions one person may start in an hour. */
  readonly maxRequestsPerHour: number;
  /** The additional rule for executions that were started outside Slack. */
  readonly startedOutsideSlack: (typeof STARTED_OUTSIDE_SLACK)[number];
}

/** The value of the environment variable `PEOPLE_RULES`. */
export function peopleRules(
  { guests, maxDelegationDays }: PeopleSettings,
  { delegates }: Pick<Policies, 'delegates'>,
): string {
  return JSON.stringify({ guests, delegates, maxDelegationDays });
}

/**
 * Checks that every tier of every policy names enough people for a request from outside Slack. Skips tiers with a user
 * group, because only Slack knows how many members it has.
 * @throws InvalidSetting for the first tier that does not
 */
export function checkStartedOutsideSlack(
  { startedOutsideSlack }: Pick<PeopleSettings, 'startedOutsideSlack'>,
  policies: ReadonlyMap<string, PolicySettings>,
): void {
  if (startedOutsideSlack !== 'one-more-approval') return;
  for (const [name, { approvers, tiers }] of policies)
    for (const [index, tier] of tiers.entries()) {
      const named = tier.approvers ?? approvers;
      const needed = tier.approvals + 1;
      if (named.length >= needed || named.some((id) => id.startsWith('S'))) continue;
      throw new InvalidSetting(
        `The setting "startedOutsideSlack" is "one-more-approval", so tier ${index + 1} of the policy ${name} needs ${needed} approvals, but only ${named.join(', ')} may approve. Name more approvers, or set it to "as-usual".`,
      );
    }
}
