// Who may approve what: tiers by the amount at stake, each with how many people it takes and who they are. The request
// is held against it when it is asked; what is in force then is stored with the approval.

export interface Tier {
  /** The largest amount this tier is for, in USD. */
  readonly upToUsd: number;
  /** How many different people must approve. */
  readonly approvals: number;
  /** Ids of the Slack users (`U…`) and user groups (`S…`) who may; absent: those who may approve in general. */
  readonly approvers?: readonly string[] | undefined;
}

export interface Rules {
  /** Ids of the Slack users and user groups who may approve, where a tier does not name its own. */
  readonly approvers: readonly string[];
  /** In the order of their amounts, the smallest first. */
  readonly tiers: readonly Tier[];
}

/** What is in force for one approval. */
export interface Policy {
  /** How many different people must approve. */
  readonly approvals: number;
  /** Ids of the Slack users and user groups who may. */
  readonly approvers: readonly string[];
}

/**
 * The policy for an amount in USD. Undefined: it is above every tier, and nobody may approve it. What has no amount is
 * held to be as risky as anything: it takes the last tier.
 */
export function policyFor(amount: number | undefined, { tiers, approvers }: Rules): Policy | undefined {
  const tier = amount === undefined ? tiers.at(-1) : tiers.find(({ upToUsd }) => amount <= upToUsd);
  return tier && { approvals: tier.approvals, approvers: tier.approvers ?? approvers };
}

/** The largest amount that anybody may approve, in USD. */
export function limitOf({ tiers }: Rules): number {
  return tiers.at(-1)?.upToUsd ?? 0;
}
