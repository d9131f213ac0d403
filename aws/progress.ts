// Stores the latest progress that a workflow reported on an approved action, and which of it the thread shows. Part of
// the approvals table; `functions/relay-progress.ts` calls it. A lease ensures that one worker at a time shows it.
import type { ApprovalKey, Progress } from '../domain/approval.ts';
import type { ApprovalItems } from './approval-items.ts';
import type { Lease } from './lease.ts';

export interface ProgressReports {
  /**
   * Stores the progress, unless the execution has a result. Returns `older` if the stored progress is newer, and `stored`
   * also if it is the same.
   */
  recordProgress(
    key: ApprovalKey,
    progress: Pick<Progress, 'text' | 'emoji' | 'at'>,
  ): Promise<'stored' | 'older' | 'over'>;
  /** Takes the lease to show the stored progress. Returns `done` if it is shown, or if the execution has a result. */
  leaseProgress(key: ApprovalKey, now: Date): Promise<Lease>;
  /** Releases the lease. The caller must be sure that nothing was posted. */
  releaseProgress(key: ApprovalKey): Promise<void>;
  /** Stores that the reply shows the progress of this time (ISO 8601), and releases the lease. */
  recordProgressShown(key: ApprovalKey, ts: string, at: string): Promise<void>;
}

/** Longer than the timeout of relay-result, so that a lease does not expire while its holder runs. */
export const PROGRESS_LEASE_MS = 30_000;

const NOT_OVER = 'attribute_not_exists(#result)';

export function progressReports(items: ApprovalItems): ProgressReports {
  return {
    async recordProgress(key, { text, emoji, at }) {
      const first = {
        UpdateExpression: 'SET progress = :progress',
        ConditionExpression: `${NOT_OVER} AND attribute_not_exists(progress)`,
        ExpressionAttributeNames: { '#result': 'result' },
      };
      if ((await items.update(key, first, { ':progress': { text, emoji, at } })).written) return 'stored';
      const later = {
        UpdateExpression: 'SET progress.#text = :text, progress.emoji = :emoji, progress.#at = :at',
        ConditionExpression: `${NOT_OVER} AND progress.#at < :at`,
        ExpressionAttributeNames: { '#result': 'result', '#text': 'text', '#at': 'at' },
      };
      const written = await items.update(key, later, { ':text': text, ':emoji': emoji, ':at': at });
      if (written.written) return 'stored';
      const { result, progress } = written.current?.approval ?? {};
      if (result || !progress) return 'over';
      return progress.at === at ? 'stored' : 'older';
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

    async recordProgressShown(key, ts, at) {
      const change = {
        UpdateExpression: 'SET progress.ts = :ts, progress.shownAt = :at REMOVE progressLeasedAt',
        ConditionExpression: 'attribute_exists(progress)',
      };
      await items.update(key, change, { ':ts': ts, ':at': at });
    },
  };
}
