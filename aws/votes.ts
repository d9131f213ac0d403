// What people do to an approval, each by one conditional write: the condition is the policy at the moment of writing, so
// that two at once are both counted or one is refused, and the quorum is reached exactly once. Part of the table.
import type { Approval, ApprovalKey, Decision, Step } from '../domain/approval.ts';
import { IMMEDIATELY, nextCheckAt } from '../domain/next-check.ts';
import { earliestDeadline, outstandingAfter, oldestResolution } from '../domain/votes.ts';
import type { EffectiveApprovers } from '../domain/out-of-office.ts';
import {
  type ApprovalItems,
  unchangedSinceRead,
  BUMP_REVISION,
  BUMP_REVISION_VALUES,
  type ApprovalWithToken,
} from './approval-items.ts';

export interface Votes {
  /**
   * Counts one person's approval, if they may give it; the one that was outstanding decides. Undefined: it was
   * refused, or others were faster.
   */
  approve(key: ApprovalKey, by: string, at: string): Promise<ApprovalWithToken | undefined>;
  /** Declines, if this person may, and that decides. */
  decline(key: ApprovalKey, decision: Omit<Decision, 'outcome'>): Promise<ApprovalWithToken | undefined>;
  /** Marks it as cancelled by this person, if they may: nobody decides any more. Its execution is to be stopped. */
  cancel(
    key: ApprovalKey,
    cancellation: NonNullable<Approval['cancellation']>,
  ): Promise<Approval | undefined>;
  /** Takes this person's approval back, while nothing is decided. */
  undo(key: ApprovalKey, by: string, at: string): Promise<Approval | undefined>;
  /**
   * Stores who the members are now, and uncounts the approvals of those who are none any more. Undefined: it is
   * decided, or has moved meanwhile.
   */
  recordApprovers(
    approval: Approval,
    applyDelegations: EffectiveApprovers,
    at: string,
  ): Promise<Approval | undefined>;
}

const PENDING = '#status = :pending AND deadline > :earliest';
const MAY_APPROVE =
  'contains(effectiveApprovers, :by) AND NOT #request.requester = :by AND attribute_not_exists(votes.#by) AND approversResolvedAt > :oldest';
const MAY_DECLINE = '(contains(effectiveApprovers, :by) OR #request.requester = :by)';
const APPEND_STEP = `${BUMP_REVISION}, history = list_append(history, :steps)`;
const DECIDED = `#status = :outcome, decision = :decision, decidedIn = :month, decidedAt = :decidedAt, ${APPEND_STEP}`;

export function votes(items: ApprovalItems): Votes {
  const vote = (key: ApprovalKey, by: string, at: string, last: boolean) =>
    items.update(
      key,
      {
        UpdateExpression: `SET votes.#by = :vote, outstanding = outstanding - :one, ${last ? DECIDED : APPEND_STEP}`,
        ConditionExpression: `${PENDING} AND ${MAY_APPROVE} AND outstanding ${last ? '=' : '>'} :one`,
        ExpressionAttributeNames: { '#status': 'status', '#request': 'request', '#by': by },
      },
      {
        ...stepValues({ action: 'approved', by, at }),
        ':by': by,
        ':vote': { at },
        ':oldest': oldestResolution(new Date(at)),
        ...(last ? decided({ outcome: 'approved', by, at }) : {}),
      },
    );

  return {
    async approve(key, by, at) {
      // Between two tries somebody else may have approved, or taken back.
      return (
        (await vote(key, by, at, true)) ?? (await vote(key, by, at, false)) ?? (await vote(key, by, at, true))
      );
    },

    decline: (key, { by, at, reason }) =>
      items.update(
        key,
        {
          UpdateExpression: `SET ${DECIDED}`,
          ConditionExpression: `${PENDING} AND ${MAY_DECLINE}`,
          ExpressionAttributeNames: { '#status': 'status', '#request': 'request' },
        },
        {
          ...stepValues({ action: 'declined', by, at, reason }),
          ':by': by,
          ...decided({ outcome: 'declined', by, at, reason }),
        },
      ),

    async cancel(key, { by, at, reason }) {
      const cancelled = await items.update(
        key,
        {
          UpdateExpression: `SET #status = :cancelled, cancellation = :cancellation, ${APPEND_STEP}`,
          ConditionExpression: `${PENDING} AND ${MAY_DECLINE}`,
          ExpressionAttributeNames: { '#status': 'status', '#request': 'request' },
        },
        {
          ...stepValues({ action: 'cancelled', by, at, reason }),
          ':by': by,
          ':cancelled': 'cancelled',
          ':cancellation': { by, at, reason },
        },
      );
      return cancelled?.approval;
    },

    async undo(key, by, at) {
      const taken = await items.update(
        key,
        {
          UpdateExpression: `SET outstanding = outstanding + :one, ${APPEND_STEP} REMOVE votes.#by`,
          ConditionExpression: `${PENDING} AND attribute_exists(votes.#by)`,
          ExpressionAttributeNames: { '#status': 'status', '#by': by },
        },
        stepValues({ action: 'undid_approval', by, at }),
      );
      return taken?.approval;
    },

    async recordApprovers(approval, { effectiveApprovers, delegateFor }, at) {
      const kept = Object.entries(approval.votes).filter(([id]) => effectiveApprovers.includes(id));
      const counted = Object.fromEntries(kept);
      const { condition, values } = unchangedSinceRead(approval);
      const moved = String(effectiveApprovers) !== String(approval.effectiveApprovers);
      const recorded = await items.update(
        approval,
        {
          UpdateExpression:
            'SET effectiveApprovers = :effectiveApprovers, delegateFor = :delegateFor, approversResolvedAt = :at, votes = :votes, outstanding = :outstanding, revision = revision + :moved, nextCheckAt = :nextCheckAt',
          ConditionExpression: `#status = :pending AND ${condition}`,
          ExpressionAttributeNames: { '#status': 'status' },
        },
        {
          ':effectiveApprovers': effectiveApprovers,
          ':delegateFor': delegateFor,
          ':at': at,
          ':votes': counted,
          ':outstanding': outstandingAfter({ ...approval, effectiveApprovers }, counted),
          ':moved': moved ? 1 : 0,
          ':nextCheckAt': moved ? IMMEDIATELY : nextCheckAt({ ...approval, approversResolvedAt: at }),
          ...values,
          ':pending': 'pending',
        },
      );
      return recorded?.approval;
    },
  };
}

/** A person's step, while the approval is pending and its deadline far enough. */
function stepValues(step: Step) {
  const earliest = earliestDeadline(new Date(step.at));
  return { ':pending': 'pending', ':earliest': earliest, ':steps': [step], ...BUMP_REVISION_VALUES };
}

function decided(decision: Decision) {
  const { outcome, at } = decision;
  return { ':outcome': outcome, ':decision': decision, ':month': at.slice(0, 7), ':decidedAt': at };
}
