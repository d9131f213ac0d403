// The rules about people that hold for every policy: which guests take part, and who may be named as a delegate. The stack sets
// them from the settings; the bot and the functions behind queues apply them.
import type { Guests } from './ineligibility.ts';
import type { Delegates } from './policy.ts';

export interface PeopleRules {
  readonly guests: Guests;
  /**
   * Who may be named as a delegate: everyone whom at least one policy allows. An approval counts only the delegates whom
   * its own policy allows.
   */
  readonly delegates: Delegates;
  /** Maximum number of days, counted from today, for which a delegate may be named. */
  readonly maxDelegationDays: number;
}

/** Whether a delegation that ends on this day ends too late. Both days are such as `2026-11-30`. */
export function isTooLong(lastDay: string, { maxDelegationDays }: PeopleRules, today: string): boolean {
  return lastDay > latestDay(maxDelegationDays, today);
}

/** The last day on which a delegation of today may end. Both days are such as `2026-11-30`. */
export function latestDay(maxDelegationDays: number, today: string): string {
  const latest = new Date(today);
  latest.setUTCDate(latest.getUTCDate() + maxDelegationDays);
  return latest.toISOString().slice(0, 10);
}
