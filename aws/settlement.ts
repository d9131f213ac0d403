// Stores the result of an approval, whether its request was made again, and whether the approval is closed (no work on
// it remains). Part of the approvals table; the functions behind queues and the bot call it.
import { type Approval, type ApprovalKey, type Result, settled } from '../domain/approval.ts';
import { FINAL_OUTCOMES } from '../domain/outcomes.ts';
import { type ApprovalItems, BUMP_REVISION, BUMP_REVISION_VALUES } from './approval-items.ts';

export interface Settlement {
  /** Stores the result of the execution. Does not replace a final one, or a result with the same outcome. */
  settle(approval: Approval, result: Result, now: Date): Promise<void>;
  /**
   * Sets `settledAt` to `now`. If people are not notified of the result within `RENOTIFY_AFTER_MS` of this time, the
   * reconciler publishes the result again.
   */
  restartNotification(key: ApprovalKey, now: Date): Promise<void>;
  /** Closes an approval. Has no effect if the approval has no result. */
  close(key: ApprovalKey): Promise<void>;
  /** Closes a decided approval whose execution then requested another approval. */
  closeDecided(key: ApprovalKey): Promise<void>;
  /** Cancels and closes an approval whose execution ended before the message was posted. */
  cancelUnasked(key: ApprovalKey): Promise<void>;
  /** Stores that the request was made again, by a person or by a redriven execution, unless this is stored already. */
  recordResubmission(key: ApprovalKey, resubmitted: NonNullable<Approval['resubmitted']>): Promise<void>;
}

const OPEN = { '#open': 'open' };

const FINAL = Object.fromEntries(FINAL_OUTCOMES.map((name) => [`:${name}`, name]));

export function settlement(items: ApprovalItems): Settlement {
  const restartNotification = async (key: ApprovalKey, now: Date): Promise<void> => {
    await items.update(key, { UpdateExpression: 'SET settledAt = :now' }, { ':now': now.toISOString() });
  };

  return {
    restartNotification,

    async settle(approval, result, now) {
      const change = {
        UpdateExpression: `SET #status = :status, #result = :result, results = list_append(if_not_exists(results, :none), :results), settledAt = :now, #open = :yes, ${BUMP_REVISION}`,
        // After a redrive succeeded, the earlier failure may still be reported, and must not replace `done`.
        ConditionExpression: `(attribute_not_exists(#result) OR NOT #result.outcome IN (:outcome, ${Object.keys(FINAL).join(', ')}))`,
        ExpressionAttributeNames: { '#status': 'status', '#result': 'result', ...OPEN },
      };
      const { written } = await items.update(approval, change, {
        ':status': settled(approval, result).status,
        ':result': result,
        ':results': [result],
        ':none': [],
        ':now': now.toISOString(),
        ':outcome': result.outcome,
        ...FINAL,
        ':yes': 'yes',
        ...BUMP_REVISION_VALUES,
      });
      // The stored result stays. The caller now notifies people of it, so the reconciler's wait begins again.
      if (!written) await restartNotification(approval, now);
    },

    async close(key) {
      await items.update(key, {
        UpdateExpression: 'REMOVE #open, reopened',
        ConditionExpression: 'attribute_exists(#result)',
        ExpressionAttributeNames: { ...OPEN, '#result': 'result' },
      });
    },

    async closeDecided(key) {
      await items.update(key, {
        UpdateExpression: 'REMOVE #open',
        ConditionExpression: 'attribute_exists(decision)',
        ExpressionAttributeNames: OPEN,
      });
    },

    async cancelUnasked(key) {
      const change = {
        UpdateExpression: 'SET #status = :cancelled REMOVE #open',
        ConditionExpression: '#status = :pending AND attribute_not_exists(ts)',
        ExpressionAttributeNames: { ...OPEN, '#status': 'status' },
      };
      await items.update(key, change, { ':cancelled': 'cancelled', ':pending': 'pending' });
    },

    async recordResubmission(key, resubmitted) {
      const RECORD = `SET resubmitted = :resubmitted, ${BUMP_REVISION}`;
      const FIRST = 'attribute_not_exists(resubmitted)';
      const values = { ':resubmitted': resubmitted, ...BUMP_REVISION_VALUES };
      // Reopen a closed approval, because the reconciler checks only open approvals. If the caller fails to update the
      // message, the reconciler updates the message.
      const reopen = {
        UpdateExpression: `${RECORD}, #open = :yes, reopened = :true`,
        ConditionExpression: `${FIRST} AND attribute_not_exists(#open)`,
        ExpressionAttributeNames: OPEN,
      };
      const reopened = await items.update(key, reopen, { ...values, ':yes': 'yes', ':true': true });
      if (reopened.written) return;
      const first = { UpdateExpression: RECORD, ConditionExpression: FIRST };
      await items.update(key, first, values);
    },
  };
}
