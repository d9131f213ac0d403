// The rungs of an approval's ladder, each climbed once: the right to climb is taken by one conditional write and lasts a
// minute, so that whoever dies while climbing is followed by another. Part of the table.
import type { Approval, ApprovalKey } from '../domain/approval.ts';
import type { EscalationStep } from '../domain/escalation-schedule.ts';
import { type ApprovalItems, BUMP_REVISION, BUMP_REVISION_VALUES } from './approval-items.ts';

export interface EscalationSteps {
  /**
   * Takes the right to climb a rung, for a minute; an escalation lets its people approve from then on. Undefined: it is
   * decided, was climbed, or somebody else is climbing it.
   */
  claimStep(key: ApprovalKey, step: EscalationStep, now: Date): Promise<Approval | undefined>;
  /** Gives that right back: nothing was said. */
  releaseStep(key: ApprovalKey, step: EscalationStep): Promise<void>;
  /** Stores that the rung was climbed, by what was said at `ts`. */
  recordStep(key: ApprovalKey, step: EscalationStep, ts: string): Promise<void>;
}

/** Longer than a function that climbs can live, in milliseconds. */
const STEP_LEASE_MS = 55_000;

const FREE =
  '(attribute_not_exists(escalationSteps.#step) OR (attribute_not_exists(escalationSteps.#step.ts) AND escalationSteps.#step.#at < :stale))';

export function escalationSteps(items: ApprovalItems): EscalationSteps {
  return {
    async claimStep(key, step, now) {
      const change = {
        UpdateExpression: `SET escalationSteps.#step = :record, ${BUMP_REVISION}`,
        ConditionExpression: `#status = :pending AND ${FREE}`,
        ExpressionAttributeNames: { '#status': 'status', '#step': step, '#at': 'at' },
      };
      const claimed = await items.update(key, change, {
        ':record': { at: now.toISOString() },
        ...BUMP_REVISION_VALUES,
        ':pending': 'pending',
        ':stale': new Date(now.getTime() - STEP_LEASE_MS).toISOString(),
      });
      return claimed?.approval;
    },

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
