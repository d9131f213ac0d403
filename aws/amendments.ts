// Changes the request of a pending approval, and stores whether the people who had approved were told. Part of the
// approvals table; relay-result and listeners call `amend`, and `functions/notify-voters.ts` calls the rest.
import { type Amended, amend, type AmendmentRefusal, amendmentRefusal } from '../domain/amendment.ts';
import type { Approval, ApprovalKey } from '../domain/approval.ts';
import { IMMEDIATELY } from '../domain/next-check.ts';
import { earliestDeadline } from '../domain/votes.ts';
import type { ApprovalItems } from './approval-items.ts';
import type { Lease } from './lease.ts';

/** `conflict`: each try failed, because others changed the approval meanwhile. */
export interface AmendResult {
  readonly outcome: 'amended' | AmendmentRefusal | 'conflict';
  /** As it is now. Undefined if there is no such approval. */
  readonly approval: Approval | undefined;
}

export interface Amendments {
  /**
   * Replaces the request and its terms, and removes the votes, if the stored terms are the expected ones. A repeated call
   * changes nothing.
   * @param expectedDigest of the terms that the new ones replace
   */
  amend(key: ApprovalKey, expectedDigest: string, change: Amended, now: Date): Promise<AmendResult>;
  /**
   * Takes the lease to tell the voters of an amendment. Returns `done` if they need not be told any more.
   * @param count number of amendments up to this one
   */
  leaseVoterNotice(key: ApprovalKey, count: number, now: Date): Promise<Lease>;
  /** Releases the lease. The caller must be sure that nothing was posted. */
  releaseVoterNotice(key: ApprovalKey): Promise<void>;
  /** Stores that the voters of these amendments were told, and releases the lease. */
  recordVotersNotified(key: ApprovalKey, count: number): Promise<void>;
}

/** Concurrent votes can make a try fail. */
const MAX_TRIES = 3;

/** Longer than the timeout of each function that tells voters, so that a lease does not expire while its holder runs. */
const NOTICE_LEASE_MS = 55_000;

const NAMES = { '#status': 'status', '#request': 'request', '#policy': 'policy' };

/** Nothing was changed since the approval was read: no vote, no decision, no amendment. */
const CONDITION =
  '#status = :pending AND deadline > :earliest AND terms.digest = :expected AND revision = :revision';

export function amendments(items: ApprovalItems): Amendments {
  return {
    async amend(key, expectedDigest, change, now) {
      let approval = (await items.read(key))?.approval;
      for (let tries = 1; ; tries += 1) {
        const refusal = amendmentRefusal(approval, expectedDigest, change, now);
        if (!approval || refusal) return { outcome: refusal ?? 'unknown', approval };
        const after = amend(approval, change, now.toISOString());
        const written = await items.update(
          approval,
          {
            UpdateExpression: `SET #request = :request, terms = :terms, #policy = :policy, votes = :votes, outstanding = :outstanding, requesters = :requesters, confirm = :confirm, approversResolvedAt = :resolvedAt, amendments = :amendments, history = :history, revision = :next, nextCheckAt = :immediately${after.noteBy ? '' : ' REMOVE noteBy'}`,
            ConditionExpression: CONDITION,
            ExpressionAttributeNames: NAMES,
          },
          {
            ...changedValues(after),
            ':pending': 'pending',
            ':earliest': earliestDeadline(now),
            ':expected': expectedDigest,
            ':revision': approval.revision,
          },
        );
        if (written.written) return { outcome: 'amended', approval: written.approval };
        approval = written.current?.approval;
        if (tries === MAX_TRIES) return { outcome: 'conflict', approval };
      }
    },

    leaseVoterNotice: (key, count, now) =>
      items.lease(
        key,
        {
          UpdateExpression: 'SET notifyingVotersAt = :now',
          leasedAt: 'notifyingVotersAt',
          unlessDone:
            '#status = :pending AND (attribute_not_exists(amendmentsNotified) OR amendmentsNotified < :count)',
          isDone: ({ status, amendmentsNotified = 0 }) => status !== 'pending' || amendmentsNotified >= count,
          leaseOf: ({ notifyingVotersAt }) => notifyingVotersAt,
          durationMs: NOTICE_LEASE_MS,
          ExpressionAttributeNames: { '#status': 'status' },
          values: { ':now': now.toISOString(), ':pending': 'pending', ':count': count },
        },
        now,
      ),

    async releaseVoterNotice(key) {
      await items.update(key, { UpdateExpression: 'REMOVE notifyingVotersAt' });
    },

    async recordVotersNotified(key, count) {
      const change = { UpdateExpression: 'SET amendmentsNotified = :count REMOVE notifyingVotersAt' };
      await items.update(key, change, { ':count': count });
    },
  };
}

/** The values of the attributes that an amendment changes. */
function changedValues(after: Approval) {
  return {
    ':request': after.request,
    ':terms': after.terms,
    ':policy': after.policy,
    ':votes': after.votes,
    ':outstanding': after.outstanding,
    ':requesters': after.requesters,
    ':confirm': after.confirm,
    ':resolvedAt': after.approversResolvedAt,
    ':amendments': after.amendments,
    ':history': after.history,
    ':next': after.revision,
    ':immediately': IMMEDIATELY,
  };
}
