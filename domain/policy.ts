// The approval policy: tiers by amount, each with the number of approvals and the approvers. request-approval reads the
// policy that the state names, and stores what it requires of a request with the approval.
import type { EscalationRules } from './escalation-schedule.ts';

export interface Tier {
  /** The largest amount of this tier, in USD. */
  readonly upToUsd: number;
  /** How many different people must approve. */
  readonly approvals: number;
  /** Ids of the Slack users (`U…`) and user groups (`S…`) who may approve. Default: the approvers of {@link Rules}. */
  readonly approvers?: readonly string[] | undefined;
}

export interface Rules {
  /** Ids of the Slack users and user groups who may approve, unless a tier has its own. */
  readonly approvers: readonly string[];
  /** Sorted by amount, the smallest first. */
  readonly tiers: readonly Tier[];
}

/** The labels of the two buttons. Default: `Approve` and `Decline`. */
export interface Labels {
  readonly approve?: string | undefined;
  readonly decline?: string | undefined;
}

/** A named policy, as the stack stores it. */
export interface PolicySettings extends Rules {
  /** Slack channel id. */
  readonly channel: string;
  readonly escalation: EscalationRules;
  /** USD. From this amount on, the Approve button asks for confirmation. */
  readonly confirmFromUsd: number;
  /** Who may be a delegate: ids of Slack users and user groups, or anyone who may take part. Empty: nobody. */
  readonly delegates: Delegates;
  /** Outcomes whose results are shown in the channel as well as in the thread. */
  readonly broadcast: readonly string[];
  readonly labels?: Labels | undefined;
}

export type Delegates = 'anyone' | readonly string[];

export interface NamedPolicy extends PolicySettings {
  readonly name: string;
  /** Incremented with each change of the policy. */
  readonly version: number;
}

/** The name of the policy of a state that names none. */
export const DEFAULT_POLICY = 'default';

/** A name of a policy is the last part of the name of a parameter. */
export const POLICY_NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** The rules from which a request got its policy. An amended request gets its policy from the same rules. */
export interface StoredRules extends Rules {
  /** What was added because the execution was started outside Slack. `as-usual` if it was not. */
  readonly startedOutsideSlack: StartedOutsideSlack;
  /** USD. From this amount on, the Approve button asks for confirmation. */
  readonly confirmFromUsd: number;
}

/** What a policy requires of a request. */
export interface Requirement {
  /** How many different people must approve. */
  readonly approvals: number;
  /** Ids of the Slack users and user groups who may approve. */
  readonly approvers: readonly string[];
}

/**
 * The policy of one approval, as it was when the request was made. The optional properties are absent from approvals
 * that an earlier version of this app stored.
 */
export interface Policy
  extends Requirement, Partial<Pick<NamedPolicy, 'name' | 'version' | 'delegates' | 'broadcast' | 'labels'>> {
  readonly rules?: StoredRules | undefined;
}

/** The additional rule for executions that were started outside Slack. For these, the requester was not verified. */
const STARTED_OUTSIDE_SLACK = ['as-usual', 'one-more-approval', 'last-tier'] as const;
export type StartedOutsideSlack = (typeof STARTED_OUTSIDE_SLACK)[number];

/** @throws RangeError for any other value, because a misread value would weaken the policy */
export function startedOutsideSlack(value: string): StartedOutsideSlack {
  const found = STARTED_OUTSIDE_SLACK.find((each) => each === value);
  if (!found) throw new RangeError(`${value} is none of ${STARTED_OUTSIDE_SLACK.join(', ')}.`);
  return found;
}

/**
 * What an amount in USD requires. Undefined if the amount is above every tier, so nobody may approve it. A request
 * without an amount gets the last tier, because its risk is unknown.
 */
export function requirementOf(
  amount: number | undefined,
  { tiers, approvers }: Rules,
  outside: StartedOutsideSlack,
): Requirement | undefined {
  const last = tiers.at(-1);
  const own = amount === undefined ? last : tiers.find(({ upToUsd }) => amount <= upToUsd);
  const tier = own && outside === 'last-tier' ? last : own;
  if (!tier) return undefined;
  const more = outside === 'one-more-approval' ? 1 : 0;
  return { approvals: tier.approvals + more, approvers: tier.approvers ?? approvers };
}

/** The largest amount that may be approved, in USD. */
export function limitOf({ tiers }: Rules): number {
  return tiers.at(-1)?.upToUsd ?? 0;
}
