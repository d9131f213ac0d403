// Stores what people do to an approval, and who may approve it. Part of the approvals table; `bot/decide.ts` calls it,
// and the functions that resolve approvers call `recordApprovers`. Each vote is conditional on the policy, so
// concurrent votes cannot violate the policy.
import type { EffectiveApprovers } from '../domain/out-of-office.ts';
import type { Approval, ApprovalKey, Decision, Step } from '../domain/approval.ts';
import { IMMEDIATELY, nextCheckAt } from '../domain/next-check.ts';
import {
  type ActionRequest,
  earliestDeadline,
  oldestResolution,
  outstandingAfter,
  type Press,
  type Refusal,
  refusalOf,
  type VoteAction,
} from '../domain/votes.ts';
import {
  type ApprovalItems,
  type ApprovalWithToken,
  BUMP_REVISION,
  BUMP_REVISION_VALUES,
  unchangedSinceRead,
  type WriteResult,
} from './approval-items.ts';

/**
 * If the action was stored, this is the approval after the action. If the action was refused, `current` is the approval
 * at that moment, or undefined if the approval does not exist.
 */
export type VoteResult =
  | ({ readonly changed: true } & ApprovalWithToken)
  | { readonly changed: false; readonly refusal: Refusal; readonly current: ApprovalWithToken | undefined };

export interface Votes {
  /** Adds one person's vote. The last vote that the policy requires is the decision. */
  approve(key: ApprovalKey, by: string, at: string, request: Press): Promise<VoteResult>;
  /** Declines the request. One decline is the decision, whatever the policy requires. */
  decline(key: ApprovalKey, decision: Omit<Decision, 'outcome'>, request: ActionRequest): Promise<VoteResult>;
  /** Marks the approval as cancelled. The caller must stop its execution. */
  cancel(
    key: ApprovalKey,
    cancellation: NonNullable<Approval['cancellation']>,
    request: ActionRequest,
  ): Promise<VoteResult>;
  /** Removes this person's vote, unless the approval is decided. */
  undo(key: ApprovalKey, by: string, at: string, request: Press): Promise<VoteResult>;
  /**
   * Stores who may approve now, and removes the votes of people who no longer may. Each removed vote adds a step `approval_lapsed`. `recorded` is false if the approval
   * is not pending or has changed since it was read. In that case nothing is stored, and `approval` is the one passed.
   * @param at when Slack resolved the approvers, ISO 8601
   */
  recordApprovers(
    approval: Approval,
    approvers: EffectiveApprovers,
    at: string,
  ): Promise<{ readonly recorded: boolean; readonly approval: Approval }>;
}

const IS_PENDING = '#status = :pending';
const IN_TIME = 'deadline > :earliest';
const IS_APPROVER = 'contains(effectiveApprovers, :by)';
const IS_REQUESTER = 'requester = :by';
const HAS_REQUESTED = 'contains(requesters, :by)';
const HAS_NOT_VOTED = 'attribute_not_exists(votes.#by)';
const HAS_VOTED = 'attribute_exists(votes.#by)';
const HAS_SHOWN_TERMS = 'terms.digest = :termsDigest';
const IS_UNAMENDED = 'attribute_not_exists(amendments)';
const APPROVERS_ARE_FRESH = 'approversResolvedAt > :oldest';

const IS_FIRST_DELIVERY = 'NOT contains(triggers, :trigger)';
const IS_LATEST_PRESS = '(attribute_not_exists(pressedAt.#by) OR pressedAt.#by < :actionTs)';

const OPEN_FOR_VOTES = `${IS_PENDING} AND ${IN_TIME} AND ${IS_FIRST_DELIVERY}`;
const MAY_APPROVE = `${IS_APPROVER} AND NOT ${HAS_REQUESTED} AND ${HAS_NOT_VOTED} AND ${APPROVERS_ARE_FRESH}`;
const MAY_DECLINE = `(${IS_APPROVER} OR ${IS_REQUESTER})`;

const APPEND_STEP = `${BUMP_REVISION}, history = list_append(history, :steps)`;
const SET_PRESSED = 'pressedAt.#by = :actionTs';
const ADD_TRIGGER = 'ADD triggers :triggers';
const RECORD_DECISION = `#status = :outcome, decision = :decision, decidedIn = :month, decidedAt = :decidedAt, ${APPEND_STEP}`;

/** How often `approve` tries to write a vote. A concurrent vote of another person can make a try fail. */
const MAX_TRIES = 3;

const NAMES = { '#status': 'status' };

export function votes(items: ApprovalItems): Votes {
  const vote = (key: ApprovalKey, by: string, at: string, request: Press, decides: boolean) =>
    items.update(
      key,
      {
        UpdateExpression: `SET votes.#by = :vote, outstanding = outstanding - :one, ${decides ? RECORD_DECISION : APPEND_STEP}, ${SET_PRESSED} ${ADD_TRIGGER}`,
        ConditionExpression: `${OPEN_FOR_VOTES} AND ${IS_LATEST_PRESS} AND ${MAY_APPROVE} AND ${saw(request)} AND outstanding ${decides ? '=' : '>'} :one`,
        ExpressionAttributeNames: { ...NAMES, '#by': by },
      },
      {
        ...stepValues({ action: 'approved', by, at }, request),
        ':actionTs': request.actionTs,
        ':termsDigest': request.termsDigest,
        ':by': by,
        ':vote': { at },
        ':oldest': oldestResolution(new Date(at)),
        ...(decides ? decisionValues({ outcome: 'approved', by, at }) : {}),
      },
    );

  return {
    async approve(key, by, at, request) {
      // Most policies require one vote, so the first try assumes that the vote decides. Each further try uses the
      // number of outstanding votes that the previous try returned.
      let decides = true;
      for (let tries = 1; ; tries += 1) {
        const result = voteResult(await vote(key, by, at, request, decides), 'approve', { by, at, request });
        if (result.changed || result.refusal !== 'conflict' || tries === MAX_TRIES) return result;
        decides = result.current?.approval.outstanding === 1;
      }
    },

    async decline(key, { by, at, reason }, request) {
      const written = await items.update(
        key,
        {
          UpdateExpression: `SET ${RECORD_DECISION} ${ADD_TRIGGER}`,
          ConditionExpression: `${OPEN_FOR_VOTES} AND ${MAY_DECLINE} AND ${saw(request)}`,
          ExpressionAttributeNames: NAMES,
        },
        {
          ...stepValues({ action: 'declined', by, at, reason }, request),
          ':by': by,
          ':termsDigest': request.termsDigest,
          ...decisionValues({ outcome: 'declined', by, at, reason }),
        },
      );
      return voteResult(written, 'decline', { by, at, request });
    },

    async cancel(key, { by, at, reason }, request) {
      const written = await items.update(
        key,
        {
          UpdateExpression: `SET #status = :cancelled, cancellation = :cancellation, ${APPEND_STEP} ${ADD_TRIGGER}`,
          ConditionExpression: `${OPEN_FOR_VOTES} AND ${MAY_DECLINE}`,
          ExpressionAttributeNames: NAMES,
        },
        {
          ...stepValues({ action: 'cancelled', by, at, reason }, request),
          ':by': by,
          ':cancelled': 'cancelled',
          ':cancellation': { by, at, reason },
        },
      );
      return voteResult(written, 'cancel', { by, at, request });
    },

    async undo(key, by, at, request) {
      const written = await items.update(
        key,
        {
          UpdateExpression: `SET outstanding = outstanding + :one, ${APPEND_STEP}, ${SET_PRESSED} REMOVE votes.#by ${ADD_TRIGGER}`,
          ConditionExpression: `${OPEN_FOR_VOTES} AND ${IS_LATEST_PRESS} AND ${HAS_VOTED}`,
          ExpressionAttributeNames: { '#status': 'status', '#by': by },
        },
        {
          ...stepValues({ action: 'undid_approval', by, at }, request),
          ':actionTs': request.actionTs,
        },
      );
      return voteResult(written, 'undo', { by, at, request });
    },

    async recordApprovers(approval, { effectiveApprovers, delegateFor, away }, at) {
      const remaining = Object.entries(approval.votes).filter(([id]) => effectiveApprovers.includes(id));
      const counted = Object.fromEntries(remaining);
      const lapsed = Object.keys(approval.votes).filter((id) => !effectiveApprovers.includes(id));
      const { condition, values } = unchangedSinceRead(approval);
      const changed = shownOf({ effectiveApprovers, delegateFor }) !== shownOf(approval);
      // The message mentions the delegates of the time at which it is posted.
      const joined = approval.ts
        ? Object.keys(delegateFor).filter((delegate) => !(delegate in approval.delegateFor))
        : [];
      const written = await items.update(
        approval,
        {
          UpdateExpression: `SET effectiveApprovers = :effectiveApprovers, delegateFor = :delegateFor, away = :away, approversResolvedAt = :at, votes = :votes, history = list_append(history, :lapsed), outstanding = :outstanding, revision = revision + :bump, nextCheckAt = :nextCheckAt${joined.length > 0 ? ' ADD delegatesToMention :joined' : ''}`,
          ConditionExpression: `${IS_PENDING} AND ${condition}`,
          ExpressionAttributeNames: { '#status': 'status' },
        },
        {
          ':effectiveApprovers': effectiveApprovers,
          ':delegateFor': delegateFor,
          ':away': away,
          ':joined': joined.length > 0 ? new Set(joined) : undefined,
          ':at': at,
          ':votes': counted,
          ':lapsed': lapsed.map((by): Step => ({ action: 'approval_lapsed', by, at })),
          ':outstanding': outstandingAfter({ ...approval, effectiveApprovers }, counted),
          ':bump': changed ? 1 : 0,
          ':nextCheckAt': changed ? IMMEDIATELY : nextCheckAt({ ...approval, approversResolvedAt: at }),
          ...values,
          ':pending': 'pending',
        },
      );
      return written.written ? { recorded: true, approval: written.approval } : { recorded: false, approval };
    },
  };
}

/** The condition that the person saw the stored terms. `refusalOf` has the same rule. */
function saw({ termsDigest }: ActionRequest): string {
  return termsDigest === undefined ? IS_UNAMENDED : HAS_SHOWN_TERMS;
}

/** The approvers as the message shows them. */
function shownOf({
  effectiveApprovers,
  delegateFor,
}: Pick<Approval, 'effectiveApprovers' | 'delegateFor'>): string {
  return String(effectiveApprovers.map((id) => [id, delegateFor[id]]));
}

/**
 * Finds the rule that refused the action. If no rule refuses the action, returns `conflict`: another change came first,
 * or `approve` assumed wrongly whether the vote decides.
 */
function voteResult(
  result: WriteResult,
  action: VoteAction,
  { by, at, request }: { readonly by: string; readonly at: string; readonly request: ActionRequest },
): VoteResult {
  if (result.written) return { changed: true, approval: result.approval, taskToken: result.taskToken };
  const { current } = result;
  const refusal = refusalOf(current?.approval, action, by, new Date(at), request) ?? 'conflict';
  return { changed: false, refusal, current };
}

/** The values of {@link APPEND_STEP}, {@link ADD_TRIGGER} and {@link OPEN_FOR_VOTES}. */
function stepValues(step: Step, { trigger }: ActionRequest) {
  const earliest = earliestDeadline(new Date(step.at));
  return {
    ':pending': 'pending',
    ':earliest': earliest,
    ':steps': [step],
    ':trigger': trigger,
    ':triggers': new Set([trigger]),
    ...BUMP_REVISION_VALUES,
  };
}

function decisionValues(decision: Decision) {
  const { outcome, at } = decision;
  return { ':outcome': outcome, ':decision': decision, ':month': at.slice(0, 7), ':decidedAt': at };
}
