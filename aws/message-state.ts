// Where an approval's message is, and what it shows. Part of the approvals table; whoever posts or updates a message writes it.
import type { ApprovalKey } from '../domain/approval.ts';
import { IMMEDIATELY } from '../domain/next-check.ts';
import type { ApprovalItems } from './approval-items.ts';
import type { Lease } from './lease.ts';

export interface MessageState {
  /** Takes the right to post the message. `done`: it is posted, or there is no such approval. */
  leasePost(key: ApprovalKey, now: Date): Promise<Lease>;
  /** Gives the lease back: nothing was posted. */
  releasePost(key: ApprovalKey): Promise<void>;
  /** Stores where the message is, unless that is known already. */
  recordPosted(key: ApprovalKey, ts: string, shownRevision: number): Promise<void>;
  /**
   * Stores the revision that the message now shows, and returns the newest revision. Where there is a newer one, a closed
   * approval is reopened, so that the reconciler finds it if the caller dies.
   */
  recordShown(key: ApprovalKey, shownRevision: number): Promise<number>;
}

/** Longer than a function that posts can live. */
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
