// Stores the latest progress that a workflow reported on an approved action, and which of it the thread shows, with the
// approval. `functions/relay-progress.ts` and `functions/remove-progress-button.ts` call it. It is no part of
// `approvals-table.ts`, because the bot does not need it. A lease ensures that one worker at a time shows progress.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ApprovalKey, Progress, ProgressReport } from '../domain/approval.ts';
import { approvalItems } from './approval-items.ts';
import type { Lease } from './lease.ts';

export interface ProgressReports {
  /**
   * Stores the progress, unless the execution has a result. Returns `older` if the stored progress is newer, and `stored`
   * also if it is the same.
   */
  recordProgress(key: ApprovalKey, report: ProgressReport): Promise<'stored' | 'older' | 'over'>;
  /** Takes the lease to show the stored progress. Returns `done` if it is shown, or if the execution has a result. */
  leaseProgress(key: ApprovalKey, now: Date): Promise<Lease>;
  /** Releases the lease. The caller must be sure that nothing was posted. */
  releaseProgress(key: ApprovalKey): Promise<void>;
  /** Stores that the reply shows this progress, and releases the lease. */
  recordProgressShown(
    key: ApprovalKey,
    ts: string,
    shown: Pick<Progress, 'at' | 'button' | 'mayHaveButton'>,
  ): Promise<void>;
  /** Stores that the reply has no button. The execution must have a result, so that no worker shows another button. */
  recordButtonRemoved(key: ApprovalKey): Promise<void>;
}

/** Longer than the timeout of relay-result, so that a lease does not expire while its holder runs. */
export const PROGRESS_LEASE_MS = 30_000;

const NOT_OVER = 'attribute_not_exists(#result)';

export function progressReports(client: DynamoDBClient, table: string): ProgressReports {
  const items = approvalItems(client, table);
  return {
    async recordProgress(key, { text, emoji, at, button }) {
      const first = {
        UpdateExpression: 'SET progress = :progress',
        ConditionExpression: `${NOT_OVER} AND attribute_not_exists(progress)`,
        ExpressionAttributeNames: { '#result': 'result' },
      };
      const progress: Progress = { text, emoji, at, button, ...(button && { mayHaveButton: true }) };
      if ((await items.update(key, first, { ':progress': progress })).written) return 'stored';
      const ofButton = button
        ? ', progress.button = :button, progress.mayHaveButton = :true'
        : ' REMOVE progress.button';
      const later = {
        UpdateExpression: `SET progress.#text = :text, progress.emoji = :emoji, progress.#at = :at${ofButton}`,
        ConditionExpression: `${NOT_OVER} AND progress.#at < :at`,
        ExpressionAttributeNames: { '#result': 'result', '#text': 'text', '#at': 'at' },
      };
      const values = { ':text': text, ':emoji': emoji, ':at': at };
      const withButton = button ? { ...values, ':button': button, ':true': true } : values;
      const written = await items.update(key, later, withButton);
      if (written.written) return 'stored';
      const { result, progress: stored } = written.current?.approval ?? {};
      if (result || !stored) return 'over';
      return stored.at === at ? 'stored' : 'older';
    },

    leaseProgress: (key, now) =>
      items.lease(
        key,
        {
          UpdateExpression: 'SET progressLeasedAt = :now',
          leasedAt: 'progressLeasedAt',
          unlessDone: `${NOT_OVER} AND attribute_exists(progress) AND (attribute_not_exists(progress.shownAt) OR progress.shownAt < progress.#at)`,
          isDone: ({ result, progress }) =>
            result !== undefined || !progress || progress.shownAt >= progress.at,
          leaseOf: ({ progressLeasedAt }) => progressLeasedAt,
          durationMs: PROGRESS_LEASE_MS,
          ExpressionAttributeNames: { '#result': 'result', '#at': 'at' },
          values: { ':now': now.toISOString() },
        },
        now,
      ),

    async releaseProgress(key) {
      await items.update(key, { UpdateExpression: 'REMOVE progressLeasedAt' });
    },

    async recordProgressShown(key, ts, { at, button, mayHaveButton }) {
      const UpdateExpression = 'SET progress.ts = :ts, progress.shownAt = :at REMOVE progressLeasedAt';
      const values = { ':ts': ts, ':at': at };
      // If later progress is stored, it may have a button that a worker shows next.
      const withoutButton = {
        UpdateExpression: `${UpdateExpression}, progress.mayHaveButton`,
        ConditionExpression: 'progress.#at = :at',
        ExpressionAttributeNames: { '#at': 'at' },
      };
      if (mayHaveButton && !button && (await items.update(key, withoutButton, values)).written) return;
      const change = { UpdateExpression, ConditionExpression: 'attribute_exists(progress)' };
      await items.update(key, change, values);
    },

    async recordButtonRemoved(key) {
      await items.update(key, {
        UpdateExpression: 'REMOVE progress.button, progress.mayHaveButton',
        ConditionExpression: 'attribute_exists(progress)',
      });
    },
  };
}
