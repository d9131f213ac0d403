// An approval: the record of one pause of one execution, and the rules of what may happen to it. The table stores it,
// the message shows it; the task token is not part of it.
import type { StepRecord, EscalationSchedule, EscalationStep } from './escalation-schedule.ts';
import type { Policy } from './policy.ts';
import type { PreviousAnswer, Request } from './request.ts';

export type Verdict = 'approved' | 'declined';
export type Status = 'pending' | Verdict | 'expired' | 'cancelled';

export interface ApprovalKey {
  /** Name of the execution. */
  readonly execution: string;
  /** Made from the task token: one pause, one id. */
  readonly id: string;
}

/** Where a page of approvals ended: the key of its last. */
export interface PageCursor extends ApprovalKey {
  /** ISO 8601. */
  readonly deadline: string;
}

/** One person's approval. */
export interface Vote {
  /** ISO 8601. */
  readonly at: string;
}

/** What ended the wait: a decline, or the approval that was outstanding. */
export interface Decision {
  readonly outcome: Verdict;
  /** Slack user id. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  /** Why, in the person's own words. */
  readonly reason?: string | undefined;
}

/** How an execution ended. */
export interface Result {
  readonly outcome: 'done' | 'declined' | 'expired' | 'failed' | 'cancelled';
  /** What people call it that it is done, such as `Deployed`; absent: `Done`. */
  readonly label?: string | undefined;
  /** The sign beside that, as Slack names it, such as `:rocket:`. */
  readonly emoji?: string | undefined;
  /** What happened, a sentence or two; absent where the approval itself says it all. */
  readonly text?: string | undefined;
  /** When it ended, ISO 8601, where that is known. */
  readonly at?: string | undefined;
  /** That it broke in a way that does not tell whether what was approved had been done before. */
  readonly unsure?: boolean | undefined;
}

/** Something a person did to an approval. */
export interface Step {
  readonly action: 'approved' | 'undid_approval' | 'declined' | 'cancelled';
  /** Slack user id. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  /** Why, in the person's own words. */
  readonly reason?: string | undefined;
}

export interface Approval extends ApprovalKey {
  readonly status: Status;
  readonly request: Request;
  /** What was in force when it was asked: a deployment in between changes nothing. */
  readonly policy: Policy;
  /** Slack user ids of those whom the policy names, groups resolved and the absent replaced, as they were at {@link membersAt}. */
  readonly effectiveApprovers: readonly string[];
  /** ISO 8601. */
  readonly approversResolvedAt: string;
  /** Whose place members take who are none by themselves, by Slack user id. */
  readonly delegateFor: Readonly<Record<string, string>>;
  /** Who approved, by Slack user id. */
  readonly votes: Readonly<Record<string, Vote>>;
  /** How many different people must still approve. */
  readonly outstanding: number;
  /** What people did, in order. */
  readonly history: readonly Step[];
  /** Whether an approval is asked for twice: the amount is large enough that a thumb must not slip. */
  readonly confirm: boolean;
  readonly executionArn: string;
  /** Slack channel id. */
  readonly channel: string;
  /** Slack's `ts` of the message, from the moment it is known to be posted. */
  readonly ts?: string | undefined;
  /** When the state was entered, ISO 8601. */
  readonly askedAt: string;
  /** When the wait ends, ISO 8601. */
  readonly deadline: string;
  /** When people are reminded, and others asked too. */
  readonly escalationSchedule: EscalationSchedule;
  /** The rungs of it that were climbed. */
  readonly escalationSteps: Readonly<Partial<Record<EscalationStep, StepRecord>>>;
  readonly decision?: Decision | undefined;
  /** When the decision was handed to Step Functions, ISO 8601; absent: perhaps not yet. */
  readonly sentAt?: string | undefined;
  /** Who had the execution stopped while it waited. */
  readonly cancellation?: Omit<Decision, 'outcome'> | undefined;
  readonly result?: Result | undefined;
  /** When the result was stored, ISO 8601. */
  readonly settledAt?: string | undefined;
  /** That the same was asked again: in a new execution that somebody started, or in this one, redriven. */
  readonly resubmitted?: { readonly by?: string | undefined; readonly at: string } | undefined;
  /** Grows with each change that people should see. */
  readonly revision: number;
  /** The revision last shown in the message. */
  readonly shownRevision?: number | undefined;
  /** That it was told to its end, and its message may lag. */
  readonly reopened?: boolean | undefined;
}

/** A decision is refused so long before the deadline, in milliseconds: it must still reach Step Functions. */
export const DECISION_MARGIN = 5_000;

/** The status once the execution has ended so. A decision stays on record though the ending overtook it. */
export function statusAfter(result: Result): Status {
  switch (result.outcome) {
    case 'done':
      return 'approved';
    case 'declined':
      return 'declined';
    case 'expired':
      return 'expired';
    case 'failed':
    case 'cancelled':
      return 'cancelled';
  }
}

/** Whether the same may be asked again: nobody decided for it, and nobody asked again yet. */
export function mayResubmit({ status, resubmitted }: Approval): boolean {
  return (status === 'declined' || status === 'expired') && !resubmitted;
}

/** What a request that asks the same again tells of this one. */
export function toPreviousAnswer({ status, decision }: Approval): PreviousAnswer {
  if (status !== 'declined' || decision?.outcome !== 'declined') return { outcome: 'expired' };
  const { by, reason } = decision;
  return { outcome: 'declined', by, ...(reason === undefined ? {} : { reason }) };
}

/** What failed after its decision keeps that, unless the decision was overtaken before: a redriven execution may fail again. */
function statusOnceSettled({ status, decision }: Approval, result: Result): Status {
  const stands = status !== 'pending' && status === decision?.outcome;
  return result.outcome === 'failed' && stands ? status : statusAfter(result);
}

/** The approval with its execution's result. */
export function settled(approval: Approval, result: Result): Approval {
  return {
    ...approval,
    status: statusOnceSettled(approval, result),
    result,
    revision: approval.revision + 1,
  };
}
