// The entries of the audit: each action of a person on an approval, and each refused action, with the request and the
// policy. The bot and relay-result create the entries, and the audit table keeps them permanently.
import type { Approval, Step } from './approval.ts';
import type { Policy } from './policy.ts';
import type { Fact } from './request.ts';
import type { Refusal, VoteAction } from './votes.ts';

export interface AuditEntry {
  /** Time of the action, ISO 8601. Entries are sorted by it. */
  readonly at: string;
  /** Distinguishes entries of the same time. If an entry is written twice, both writes use the same name. */
  readonly name: string;
  readonly action: Step['action'] | 'was_refused';
  /** Slack user id. */
  readonly by: string;
  /** Slack user id of the approver for whom `by` acted as a delegate. Undefined if `by` was not a delegate. */
  readonly delegateFor?: string | undefined;
  /** The outcome of the decision. Absent if this action was not the decision. */
  readonly decided?: 'approved' | 'declined' | undefined;
  /** The action that was refused, and why. Absent if `action` is not `was_refused`. */
  readonly refused?: { readonly action: VoteAction; readonly why: Refusal } | undefined;
  /** The reason that the person typed. */
  readonly reason?: string | undefined;
  readonly title: string;
  /** In USD. Undefined if the request has no amount. */
  readonly amount?: number | undefined;
  /** The facts that the message showed, with the times at which they were true. */
  readonly facts: readonly Fact[];
  /** Slack user id. Undefined if the execution was started outside Slack. */
  readonly requester?: string | undefined;
  readonly policy: Policy;
  /** Slack channel id, and `ts` of the message (undefined if no `ts` is stored). */
  readonly source: { readonly channel: string; readonly message?: string | undefined };
  readonly executionArn: string;
  /** Id of the approval. */
  readonly approval: string;
}

/** @param index of the step in the approval's history */
export function stepEntry(approval: Approval, index: number): AuditEntry {
  const { history, decision } = approval;
  const step = history[index];
  if (!step) throw new RangeError(`The approval has ${history.length} steps, none of index ${index}.`);
  const last = index === history.length - 1;
  return {
    ...shownOf(approval),
    ...step,
    delegateFor: approval.delegateFor[step.by],
    name: `${approval.id}-${index}`,
    ...(last && decision ? { decided: decision.outcome } : {}),
  };
}

export function refusalEntry(
  approval: Approval,
  { action, by, at, refusal }: { action: VoteAction; by: string; at: string; refusal: Refusal },
): AuditEntry {
  return {
    ...shownOf(approval),
    at,
    name: `${approval.id}-${by}`,
    action: 'was_refused',
    by,
    refused: { action, why: refusal },
  };
}

function shownOf({ id, request, requester, policy, channel, ts, executionArn }: Approval) {
  const { title, amount, facts } = request;
  const source = { channel, message: ts };
  return { title, amount, facts, requester, policy, source, executionArn, approval: id };
}
