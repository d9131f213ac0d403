// Named policies for tests of functions: one policy, which a state machine may use.
import { isAllowed } from '../../aws/executions.ts';
import { DEFAULT_POLICY, type NamedPolicy } from '../../domain/policy.ts';
import type { NamedPolicies } from '../../functions/named-policies.ts';

const TRADING = 'arn:aws:states:us-east-1:000000000000:stateMachine:trading';

/** @param stateMachineArns ARNs of the state machines that may request approval, or patterns of ARNs */
export function policiesWith(
  changes: Partial<NamedPolicy> = {},
  stateMachineArns: readonly string[] = [TRADING],
): NamedPolicies {
  const policy: NamedPolicy = {
    name: DEFAULT_POLICY,
    version: 1,
    channel: 'C0TRADING',
    approvers: ['U0BEN', 'U0CHLOE'],
    tiers: [{ upToUsd: 1_000_000, approvals: 1 }],
    escalation: { remindAt: 0.5, escalateTo: [] },
    confirmFromUsd: 10_000,
    delegates: 'anyone',
    broadcast: [],
    ...changes,
  };
  return {
    machine: async (arn) =>
      isAllowed(arn, stateMachineArns) ? { policies: [policy.name], ownFailures: false } : undefined,
    policy: async (name) => (name === policy.name ? policy : undefined),
  };
}
