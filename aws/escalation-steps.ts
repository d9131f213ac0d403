// Stores which escalation steps of an approval were run: the reminder and the escalation. A lease ensures that each
// step runs once. Part of the approvals table; `run-escalation-step.ts` calls it.
import type { ApprovalKey } from '../domain/approval.ts';
import type { EscalationStep } from '../domain/escalation-schedule.ts';
import { type ApprovalItems, BUMP_REVISION, BUMP_REVISION_VALUES } from './approval-items.ts';
import type { Lease } from './lease.ts';

export interface EscalationSteps {
  /** Takes the lease to run a step. Returns `done` if the approval is not pending, or if the step was run. */
  leaseStep(key: ApprovalKey, step: EscalationStep, now: Date): Promise<Lease>;
  /** Releases the lease. The caller must be sure that nothing was posted. */
  releaseStep(key: ApprovalKey, step: EscalationStep): Promise<void>;
  /** Marks the step as run: stores the `ts` of the reply that the step posted in the approval's thread. */
  recordStep(key: ApprovalKey, step: EscalationStep, ts: string): Promise<void>;
}

/** Longer than the timeout of the reconciler, so that a lease does not expire while its holder runs. */
const STEP_LEASE_MS = 55_000;

export function escalationSteps(items: ApprovalItems): EscalationSteps {
  return {
    leaseStep: (key, step, now) =>
      items.lease(
        key,
        {
          UpdateExpression: `SET escalationSteps.#step = :record, ${BUMP_REVISION}`,
          leasedAt: 'escalationSteps.#step.#at',
          unlessDone: '#status = :pending AND attribute_not_exists(escalationSteps.#step.ts)',
          isDone: ({ status, escalationSteps: steps }) =>
            status !== 'pending' || steps[step]?.ts !== undefined,
          leaseOf: ({ escalationSteps: steps }) => steps[step]?.at,
          durationMs: STEP_LEASE_MS,
          ExpressionAttributeNames: { '#status': 'status', '#step': step, '#at': 'at' },
          values: { ':record': { at: now.toISOString() }, ':pending': 'pending', ...BUMP_REVISION_VALUES },
        },
        now,
      ),

    async releaseStep(key, step) {
      const change = {
        UpdateExpression: `SET ${BUMP_REVISION} REMOVE escalationSteps.#step`,
        ExpressionAttributeNames: { '#step': step },
      };
      await items.update(key, change, BUMP_REVISION_VALUES);
    },

    async recordStep(key, step, ts) {
      const change = {
        UpdateExpression: 'SET escalationSteps.#step.ts = :ts',
        ConditionExpression: 'attribute_exists(escalationSteps.#step)',
        ExpressionAttributeNames: { '#step': step },
      };
      await items.update(key, change, { ':ts': ts });
    },
  };
}
