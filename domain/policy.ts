// The approval policy: tiers by amount, each with the number of approvals and the approvers. request-approval chooses
// the policy of a request, and stores it with the approval.

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

/** The policy of one approval. */
export interface Policy {
  /** How many different people must approve. */
  readonly approvals: number;
  /** Ids of the Slack users and user groups who may approve. */
  readonly approvers: readonly string[];
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
 * The policy for an amount in USD. Undefined if the amount is above every tier, so nobody may approve it. A request
 * without an amount gets the last tier, because its risk is unknown.
 */
export function policyFor(
  amount: number | undefined,
  { tiers, approvers }: Rules,
  outside: StartedOutsideSlack,
): Policy | undefined {
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
