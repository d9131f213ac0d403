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

/**
 * The policy for an amount in USD. Undefined if the amount is above every tier, so nobody may approve it. A request
 * without an amount gets the last tier, because its risk is unknown.
 */
export function policyFor(amount: number | undefined, { tiers, approvers }: Rules): Policy | undefined {
  const tier = amount === undefined ? tiers.at(-1) : tiers.find(({ upToUsd }) => amount <= upToUsd);
  return tier && { approvals: tier.approvals, approvers: tier.approvers ?? approvers };
}

/** The largest amount that may be approved, in USD. */
export function limitOf({ tiers }: Rules): number {
  return tiers.at(-1)?.upToUsd ?? 0;
}
