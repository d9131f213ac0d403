// The rungs of an approval's ladder, each climbed once: the right to climb is taken by one conditional write and lasts a
// minute, so that whoever dies while climbing is followed by another. Part of the table.
import type { Approval, ApprovalKey } from '../domain/approval.ts';
import type { Rung } from '../domain/escalation-schedule.ts';
import { type ApprovalItems, MOVED, MOVED_BY } from './approval-items.ts';

export interface Rungs {
  /**
   * Takes the right to climb a rung, for a minute; an escalation lets its people approve from then on. Undefined: it is
   * decided, was climbed, or somebody else is climbing it.
   */
  claimRung(key: ApprovalKey, rung: Rung, now: Date): Promise<Approval | undefined>;
  /** Gives that right back: nothing was said. */
  releaseRung(key: ApprovalKey, rung: Rung): Promise<void>;
  /** Stores that the rung was climbed, by what was said at `ts`. */
  recordRung(key: ApprovalKey, rung: Rung, ts: string): Promise<void>;
}

/** Longer than a function that climbs can live, in milliseconds. */
const CLIMBING_TAKES = 55_000;

const FREE =
  '(attribute_not_exists(rungs.#rung) OR (attribute_not_exists(rungs.#rung.ts) AND rungs.#rung.#at < :stale))';

export function rungs(items: ApprovalItems): Rungs {
  return {
    async claimRung(key, rung, now) {
      const change = {
        UpdateExpression: `SET rungs.#rung = :climbed, ${MOVED}`,
        ConditionExpression: `#status = :pending AND ${FREE}`,
        ExpressionAttributeNames: { '#status': 'status', '#rung': rung, '#at': 'at' },
      };
      const claimed = await items.update(key, change, {
        ':climbed': { at: now.toISOString() },
        ...MOVED_BY,
        ':pending': 'pending',
        ':stale': new Date(now.getTime() - CLIMBING_TAKES).toISOString(),
      });
      return claimed?.approval;
    },

    async releaseRung(key, rung) {
      const change = {
        UpdateExpression: `SET ${MOVED} REMOVE rungs.#rung`,
        ExpressionAttributeNames: { '#rung': rung },
      };
      await items.update(key, change, MOVED_BY);
    },

    async recordRung(key, rung, ts) {
      const change = {
        UpdateExpression: 'SET rungs.#rung.ts = :ts',
        ConditionExpression: 'attribute_exists(rungs.#rung)',
        ExpressionAttributeNames: { '#rung': rung },
      };
      await items.update(key, change, { ':ts': ts });
    },
  };
}
