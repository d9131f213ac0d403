// A named policy as an app writes it: where its requests are posted, who approves them, and until when. `SlackApprovals`
// takes one for each name, and `policies.ts` stores them for the functions.
import { Duration } from 'aws-cdk-lib';
import type { Outcome } from '../domain/outcomes.ts';
import type { Delegates, PolicySettings, Tier } from '../domain/policy.ts';

export interface ApprovalPolicy {
  /** Id of the Slack channel for the requests, such as `C0123456789`. */
  readonly channel: string;
  /** Ids of the Slack users and user groups who may approve, unless a tier has its own approvers. */
  readonly approvers: readonly string[];
  /** How many different people must approve, at any amount. Default: 1. Not together with `tiers`. */
  readonly approvals?: number;
  /** For each range of amounts: how many people must approve, and optionally its own approvers. */
  readonly tiers?: readonly Tier[];
  /** How long a state waits for a decision, unless it has a timeout of its own. Default: 15 minutes. */
  readonly timeout?: Duration;
  /** Percentage of the time to decide after which approvers are reminded. 0 means never. Default: 50. */
  readonly remindAtPercent?: number;
  /**
   * Percentage of the time to decide after which `escalateTo` may approve too. 0 means never. Default: 75 if there is
   * an `escalateTo`.
   */
  readonly escalateAtPercent?: number;
  /** Ids of the Slack users and user groups who may approve after the escalation. Default: nobody. */
  readonly escalateTo?: readonly string[];
  /**
   * Who may be a delegate. `approvers`: everyone named by `approvers` or by a tier. Or ids of users and user groups.
   * Default: `approvers`.
   */
  readonly delegates?: 'approvers' | 'none' | 'anyone' | readonly string[];
  /** Outcomes whose results are shown in the channel as well as in the thread. Default: `done`, `partly`, `unfilled`, `halted` and `failed`. */
  readonly broadcast?: readonly Outcome[];
  /** USD. From this amount on, the Approve button shows a confirmation dialog. Default: 10,000. */
  readonly confirmFromUsd?: number;
  /** Label of the Approve button, of at most 24 characters. Default: `Approve`. */
  readonly approveLabel?: string;
  /** Label of the Decline button, of at most 24 characters. Default: `Decline`. */
  readonly declineLabel?: string;
}

/** The largest amount that a request may have, in USD. */
const ANY_AMOUNT = 1e12;
const DEFAULT_TIMEOUT = Duration.minutes(15);

/** Returns the policy with its defaults, as the functions read it. */
export function policySettings(policy: ApprovalPolicy): PolicySettings {
  const { channel, approvers, approvals = 1, escalateTo = [], confirmFromUsd = 10_000 } = policy;
  const { remindAtPercent = 50, escalateAtPercent = escalateTo.length > 0 ? 75 : 0 } = policy;
  const { approveLabel, declineLabel } = policy;
  const tiers = policy.tiers ?? [{ upToUsd: ANY_AMOUNT, approvals }];
  return {
    channel,
    approvers,
    tiers,
    escalation: {
      remindAt: remindAtPercent / 100 || undefined,
      escalateAt: escalateAtPercent / 100 || undefined,
      escalateTo,
    },
    confirmFromUsd,
    delegates: delegatesOf(policy, tiers),
    broadcast: policy.broadcast ?? ['done', 'partly', 'unfilled', 'halted', 'failed'],
    ...(approveLabel || declineLabel ? { labels: { approve: approveLabel, decline: declineLabel } } : {}),
  };
}

export function timeoutOf({ timeout = DEFAULT_TIMEOUT }: ApprovalPolicy): Duration {
  return timeout;
}

function delegatesOf(
  { approvers, delegates = 'approvers' }: ApprovalPolicy,
  tiers: readonly Tier[],
): Delegates {
  if (delegates === 'none') return [];
  return delegates === 'approvers' ? allApprovers({ approvers, tiers }) : delegates;
}

/** Slack ids of all approvers: the default ones and those that a tier names. */
export function allApprovers({
  approvers,
  tiers,
}: Pick<PolicySettings, 'approvers' | 'tiers'>): readonly string[] {
  return [...new Set([...approvers, ...tiers.flatMap((tier) => tier.approvers ?? [])])];
}
