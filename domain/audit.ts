// What is kept for good of what people did: each approval given, taken back, each decline, and each press that was
// refused, with the terms as they were shown. The bot and the relay make the entries, the audit table keeps them.
import type { Approval, Step } from './approval.ts';
import type { Policy } from './policy.ts';
import type { Fact } from './request.ts';
import type { Refusal, Wish } from './votes.ts';

export interface AuditEntry {
  /** When, ISO 8601. Entries sort by it. */
  readonly at: string;
  /** The same entry recorded twice has the same name. */
  readonly name: string;
  readonly did: Step['did'] | 'was refused';
  /** Slack user id. */
  readonly by: string;
  /** In whose place, where it was somebody else's. */
  readonly standsFor?: string | undefined;
  /** What this very step decided. */
  readonly decided?: 'approved' | 'declined' | undefined;
  /** What the person wanted that was refused, and why it was. */
  readonly refused?: { readonly wish: Wish; readonly why: Refusal } | undefined;
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
  const { trail, decision } = approval;
  const step = trail[index];
  if (!step) throw new RangeError(`The approval has ${trail.length} steps, none of index ${index}.`);
  const last = index === trail.length - 1;
  return {
    ...shownOf(approval),
    ...step,
    standsFor: approval.standsFor[step.by],
    name: `${approval.id}-${index}`,
    ...(last && decision ? { decided: decision.outcome } : {}),
  };
}

export function refusalEntry(
  approval: Approval,
  { wish, by, at, refusal }: { wish: Wish; by: string; at: string; refusal: Refusal },
): AuditEntry {
  return {
    ...shownOf(approval),
    at,
    name: `${approval.id}-${by}`,
    did: 'was refused',
    by,
    refused: { wish, why: refusal },
  };
}

function shownOf({ id, request, policy, channel, ts, executionArn }: Approval) {
  const { title, amount, facts, requester } = request;
  const source = { channel, message: ts };
  return { title, amount, facts, requester, policy, source, executionArn, approval: id };
}
