// What is kept for good of what people did: each approval given, taken back, each decline, and each press that was
// refused, with the terms as they were shown. The bot and the relay make the entries, the audit table keeps them.
import type { Approval, Step } from './approval.ts';
import type { Policy } from './policy.ts';
import type { Fact } from './request.ts';
import type { Refusal, VoteAction } from './votes.ts';

export interface AuditEntry {
  /** When, ISO 8601. Entries sort by it. */
  readonly at: string;
  /** The same entry recorded twice has the same name. */
  readonly name: string;
  readonly action: Step['action'] | 'was_refused';
  /** Slack user id. */
  readonly by: string;
  /** In whose place, where it was somebody else's. */
  readonly delegateFor?: string | undefined;
  /** What this very step decided. */
  readonly decided?: 'approved' | 'declined' | undefined;
  /** What the person wanted that was refused, and why it was. */
  readonly refused?: { readonly action: VoteAction; readonly why: Refusal } | undefined;
  /** In the person's own words. */
  readonly reason?: string | undefined;
  readonly title: string;
  /** In USD. */
  readonly amount?: number | undefined;
  /** What was shown of it, with the times at which it was true. */
  readonly facts: readonly Fact[];
  /** Slack user id. */
  readonly requester?: string | undefined;
  readonly policy: Policy;
  /** Where it was done. */
  readonly source: { readonly channel: string; readonly message?: string | undefined };
  readonly executionArn: string;
  readonly approval: string;
}

/** @param index of the step in the approval's trail */
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

function shownOf({ id, request, policy, channel, ts, executionArn }: Approval) {
  const { title, amount, facts, requester } = request;
  const source = { channel, message: ts };
  return { title, amount, facts, requester, policy, source, executionArn, approval: id };
}
