// Stores the `ts` of an approval's message, and which revision of the approval the message shows. Part of the approvals
// table; `post-approval.ts`, `sync-message.ts` and `bot/decide.ts` call it.
import type { ApprovalKey } from '../domain/approval.ts';
import { IMMEDIATELY } from '../domain/next-check.ts';
import type { ApprovalItems } from './approval-items.ts';
import type { Lease } from './lease.ts';

export interface MessageState {
  /** Takes the lease to post the message. Returns `done` if the message is posted or the approval does not exist. */
  leasePost(key: ApprovalKey, now: Date): Promise<Lease>;
  /** Releases the lease. The caller must be sure that nothing was posted. */
  releasePost(key: ApprovalKey): Promise<void>;
  /** Stores that Slack refused the message in its channel. */
  recordRefused(key: ApprovalKey): Promise<void>;
  /** Stores the `ts` of the message and the revision that it shows, unless a `ts` is stored already. */
  recordPosted(key: ApprovalKey, ts: string, shownRevision: number): Promise<void>;
  /**
   * Stores the revision that the message now shows, and returns the newest revision. If a newer revision exists, the
   * reconciler checks the approval in its next run, even if the approval was closed (had no work left).
   */
  recordShown(key: ApprovalKey, shownRevision: number): Promise<number>;
}

/** Longer than the timeout of each function that posts, so that a lease does not expire while its holder runs. */
const POST_LEASE_MS = 30_000;

const SHOWN = 'SET shownRevision = :shown';
const LAGS = `${SHOWN}, nextCheckAt = :immediately`;

export function messageState(items: ApprovalItems): MessageState {
  return {
    leasePost: (key, now) =>
      items.lease(
        key,
        {
          UpdateExpression: 'SET postLeasedAt = :now',
          leasedAt: 'postLeasedAt',
          unlessDone: 'attribute_not_exists(ts)',
          isDone: ({ ts }) => ts !== undefined,
          leaseOf: ({ postLeasedAt }) => postLeasedAt,
          durationMs: POST_LEASE_MS,
          values: { ':now': now.toISOString() },
        },
        now,
      ),

    async releasePost(key) {
      await items.update(key, { UpdateExpression: 'REMOVE postLeasedAt' });
    },

    async recordRefused(key) {
      await items.update(key, { UpdateExpression: 'SET channelRefused = :true' }, { ':true': true });
    },

    async recordPosted(key, ts, shownRevision) {
      const change = {
        UpdateExpression: 'SET ts = :ts, shownRevision = :shown',
        ConditionExpression: 'attribute_not_exists(ts)',
      };
      await items.update(key, change, { ':ts': ts, ':shown': shownRevision });
    },

    async recordShown(key, shownRevision) {
      const isNewest = { UpdateExpression: SHOWN, ConditionExpression: 'revision = :shown' };
      const shown = await items.update(key, isNewest, { ':shown': shownRevision });
      if (shown.written || !shown.current) return shownRevision;
      const lagging = { ':shown': shownRevision, ':immediately': IMMEDIATELY };
      const reopen = {
        UpdateExpression: `${LAGS}, #open = :yes, reopened = :true`,
        ConditionExpression: 'attribute_not_exists(#open)',
        ExpressionAttributeNames: { '#open': 'open' },
      };
      const reopened = await items.update(key, reopen, { ...lagging, ':yes': 'yes', ':true': true });
      if (reopened.written) return reopened.approval.revision;
      const recorded = await items.update(key, { UpdateExpression: LAGS }, lagging);
      return recorded.written ? recorded.approval.revision : shownRevision;
    },
  };
}
