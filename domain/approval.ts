// An approval: the record of one wait of one execution, and the rules for changing it. The approvals table stores it,
// and the message shows it. It does not contain the task token.
import type { StepRecord, EscalationSchedule, EscalationStep } from './escalation-schedule.ts';
import type { Outcome } from './outcomes.ts';
import type { Policy } from './policy.ts';
import type { Request } from './request.ts';
import type { Terms } from './terms.ts';

export type Verdict = 'approved' | 'declined';
export type Status = 'pending' | Verdict | 'expired' | 'cancelled';

export interface ApprovalKey {
  /** Name of the execution. */
  readonly execution: string;
  /** Made from the task token of the state's first attempt, so each wait has its own id. */
  readonly id: string;
}

/** The key of the last approval on a page. The next page starts after it. */
export interface PageCursor extends ApprovalKey {
  /** ISO 8601. */
  readonly deadline: string;
}

/** How an earlier request for the same action ended. */
export interface PreviousAnswer {
  readonly outcome: 'declined' | 'expired' | 'unfilled';
  /** Slack user id of the person who declined. */
  readonly by?: string | undefined;
  /** The reason that the person typed, or for `unfilled` what the workflow said. */
  readonly reason?: string | undefined;
  /** The address of the message of the earlier request. Absent if Slack did not return it. */
  readonly permalink?: string | undefined;
}

/** One person's approval. */
export interface Vote {
  /** ISO 8601. */
  readonly at: string;
}

/** What ended the wait: a decline, or the last approval that the policy required. */
export interface Decision {
  readonly outcome: Verdict;
  /** Slack user id. */
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  /** The reason that the person typed. */
  readonly reason?: string | undefined;
}

/** A workflow offers this if its action was not possible: a button that starts the action again with another input. */
export interface Resubmission {
  /** The label of the button, such as `Resubmit, limit 187.99`. */
  readonly label: string;
  /** The input of the execution that the button starts. */
  readonly input: object;
}

/** How an execution ended. */
export interface Result {
  readonly outcome: Outcome;
  /** The label of the outcome `done`, `partly` or `unfilled`, such as `Deployed`. Default: `Done`, `Partly done`, `Not done`. */
  readonly label?: string | undefined;
  /** The emoji next to the label, by its Slack name, such as `:rocket:`. */
  readonly emoji?: string | undefined;
  /** What happened, in one or two sentences. Absent if the approval already says it. */
  readonly text?: string | undefined;
  /** When the execution ended, ISO 8601, or when its result arrived. Absent until it is stored. */
  readonly at?: string | undefined;
  /** True if `at` is when the result arrived, because its message did not say when the execution ended. */
  readonly isArrivalTime?: true | undefined;
  /** True if the execution failed in a way that leaves open whether the approved action was carried out. */
  readonly unsure?: boolean | undefined;
  /** Only for the outcome `unfilled`. Absent if asking again would not help. */
  readonly resubmit?: Resubmission | undefined;
}

/** One action on an approval, or the end of a person's right to approve. */
export interface Step {
  /**
   * `approval_lapsed`: the approver `by` may no longer approve, so their approval stopped counting. `amended`: the request
   * was changed, so all approvals stopped counting.
   */
  readonly action: 'approved' | 'undid_approval' | 'declined' | 'cancelled' | 'approval_lapsed' | 'amended';
  /** Slack user id. Absent if the workflow amended the request. */
  readonly by?: string | undefined;
  /** ISO 8601. */
  readonly at: string;
  /** The reason that the person typed. */
  readonly reason?: string | undefined;
}

/** A button on the reply that shows progress. A listener of the workflow's own bot handles its presses. */
export interface ProgressButton {
  readonly label: string;
  /** Slack's `action_id`, to which the workflow's bot listens. */
  readonly action: string;
  /** The question of Slack's confirmation dialog. Absent if a press needs no confirmation. */
  readonly confirm?: string | undefined;
}

/** How far the approved action has come, as the workflow reported it. */
export interface ProgressReport {
  /** In the words of the workflow. */
  readonly text: string;
  /** By its Slack name, such as `:rocket:`. */
  readonly emoji: string;
  /** When this was so, ISO 8601. */
  readonly at: string;
  readonly button?: ProgressButton | undefined;
}

/** The latest report, and what the thread shows of it. */
export interface Progress extends ProgressReport {
  /** True if the reply may have a button: stored before a button is shown, and removed once the reply has none. */
  readonly mayHaveButton?: true | undefined;
  /** Slack's `ts` of the reply that shows it. Absent until it is posted. */
  readonly ts?: string | undefined;
  /** The time `at` of what the reply shows. */
  readonly shownAt?: string | undefined;
}

/** One change of a pending request, with what it replaced. */
export interface Amendment {
  /** ISO 8601. */
  readonly at: string;
  /** Slack user id of the person who changed the request. Absent if the workflow did. */
  readonly by?: string | undefined;
  /** Slack user ids of the people who had approved. Their approvals do not count any more. */
  readonly voters: readonly string[];
  readonly before: {
    readonly request: Request;
    readonly policy: Policy;
    readonly termsDigest: string | undefined;
  };
}

export interface Approval extends ApprovalKey {
  readonly status: Status;
  readonly request: Request;
  /** The terms that people approve. Absent if the workflow sent none. */
  readonly terms?: Terms | undefined;
  /** The changes of the request while it was pending, oldest first. Absent if there was none. */
  readonly amendments?: readonly Amendment[] | undefined;
  /** The number of these, from the first on, whose voters were told. */
  readonly amendmentsNotified?: number | undefined;
  /** When a worker began to tell voters, ISO 8601. */
  readonly notifyingVotersAt?: string | undefined;
  /** Slack user id of the person for whom the bot started the execution. Absent if it was started outside Slack. */
  readonly requester?: string | undefined;
  /**
   * Slack user ids of the people who may not approve, because they requested this: the requester, the requesters of the
   * requests that this one resubmits, and the person whom the input names.
   */
  readonly requesters: readonly string[];
  /** Slack user id of the person who typed the note. Absent if the execution was started outside Slack. */
  readonly noteBy?: string | undefined;
  /** Set if this request resubmits an earlier one. */
  readonly previousAnswer?: PreviousAnswer | undefined;
  /** The policy at the time of the request. A later deployment does not change it. */
  readonly policy: Policy;
  /**
   * Slack user ids of the people who may approve: groups resolved, and people who are out replaced by their delegates.
   */
  readonly effectiveApprovers: readonly string[];
  /** When Slack was last asked who the approvers are, ISO 8601. */
  readonly approversResolvedAt: string;
  /** For each delegate, the approver whom they replace. Both are Slack user ids. */
  readonly delegateFor: Readonly<Record<string, string>>;
  /**
   * Slack user ids of the approvers who may not approve now, because they were out of office when the approvers were last
   * resolved, or because their delegate has approved.
   */
  readonly away: readonly string[];
  /** Slack user ids of the delegates who joined after the message was posted and were not mentioned yet. */
  readonly delegatesToMention?: ReadonlySet<string> | undefined;
  /** When a worker began to mention a delegate, ISO 8601. */
  readonly mentioningAt?: string | undefined;
  /** The approvals given so far, by Slack user id. */
  readonly votes: Readonly<Record<string, Vote>>;
  /** Number of different people who must still approve. */
  readonly outstanding: number;
  /**
   * Digests of the trigger ids of the Slack requests that changed this approval. A request that is sent again changes
   * nothing.
   */
  readonly triggers?: ReadonlySet<string> | undefined;
  /** For each person, the `action_ts` of their last press that changed this approval. An earlier press changes nothing. */
  readonly pressedAt: Readonly<Record<string, string>>;
  /** The actions of people, and the approvals that lapsed, oldest first. */
  readonly history: readonly Step[];
  /** Whether Approve shows a confirmation dialog, because the amount is large. */
  readonly confirm: boolean;
  readonly executionArn: string;
  /** True if the workflow publishes itself how its failed executions ended. */
  readonly ownFailures?: boolean | undefined;
  /** How often the state had been retried when it sent the task token that is stored with this approval. */
  readonly attempt: number;
  /** Slack channel id. */
  readonly channel: string;
  /** Slack's `ts` of the message. Absent until the message is posted and its `ts` is stored. */
  readonly ts?: string | undefined;
  /** True if Slack refused the message in its channel, so that people were asked by direct message. */
  readonly channelRefused?: true | undefined;
  /** When the wait began, ISO 8601: when the state was entered, or when the execution was redriven. */
  readonly askedAt: string;
  /** Until when people may decide, ISO 8601: when the state stops waiting, or earlier if the request says so. */
  readonly deadline: string;
  /** True if the state waits longer than the deadline. Then the reconciler ends the wait. */
  readonly endsEarly?: boolean | undefined;
  /** When people are reminded, and when further people are asked. */
  readonly escalationSchedule: EscalationSchedule;
  /** The escalation steps that were run, or are being run. */
  readonly escalationSteps: Readonly<Partial<Record<EscalationStep, StepRecord>>>;
  readonly decision?: Decision | undefined;
  /** When the decision was sent to Step Functions, ISO 8601. If absent, it may not have been sent. */
  readonly sentAt?: string | undefined;
  /** Set if a person cancelled the request while it was pending. */
  readonly cancellation?: Omit<Decision, 'outcome'> | undefined;
  /** The latest progress that the workflow reported. */
  readonly progress?: Progress | undefined;
  /** When a worker began to show the progress, ISO 8601. */
  readonly progressLeasedAt?: string | undefined;
  readonly result?: Result | undefined;
  /** Every result that was stored, oldest first: a failed execution may be redriven and then succeed. */
  readonly results?: readonly Result[] | undefined;
  /** When the result was stored, ISO 8601. */
  readonly settledAt?: string | undefined;
  /**
   * Set once the request was made again: by a person in a new execution, or by a redrive of this one (then without
   * `by`).
   */
  readonly resubmitted?: { readonly by?: string | undefined; readonly at: string } | undefined;
  /** Incremented with each change that the message must show. */
  readonly revision: number;
  /** The revision last shown in the message. */
  readonly shownRevision?: number | undefined;
  /** True if the reconciler must check a finished approval again, because its message may be out of date. */
  readonly reopened?: boolean | undefined;
}

/** A decision this close to the deadline is refused, because it might reach Step Functions too late. */
export const DECISION_MARGIN_MS = 5_000;

/** The status that an execution's result sets. An approved execution can still be stopped or fail. */
export function statusAfter(result: Result): Status {
  switch (result.outcome) {
    case 'done':
    case 'partly':
    case 'unfilled':
      return 'approved';
    case 'declined':
      return 'declined';
    case 'expired':
      return 'expired';
    case 'refused':
    case 'halted':
    case 'failed':
    case 'cancelled':
      return 'cancelled';
  }
}

/**
 * Whether the request may be resubmitted: it was declined, it expired, or its workflow offers a resubmission; and it was not
 * resubmitted before.
 */
export function mayResubmit({ status, result, resubmitted }: Approval): boolean {
  return (status === 'declined' || status === 'expired' || result?.resubmit !== undefined) && !resubmitted;
}

/** How this approval ended, for the request that resubmits it. */
export function toPreviousAnswer({ status, decision, result }: Approval): PreviousAnswer {
  if (result?.outcome === 'unfilled') return { outcome: 'unfilled', reason: result.text };
  if (status !== 'declined' || decision?.outcome !== 'declined') return { outcome: 'expired' };
  const { by, reason } = decision;
  return { outcome: 'declined', by, ...(reason === undefined ? {} : { reason }) };
}

/** These do not change a status that a decision set. Any other result sets the status. */
const KEEPS_STATUS: readonly Outcome[] = ['partly', 'unfilled', 'halted', 'failed'];

function statusOnceSettled({ status, decision }: Approval, result: Result): Status {
  const isDecided = status === decision?.outcome;
  return KEEPS_STATUS.includes(result.outcome) && isDecided ? status : statusAfter(result);
}

/** Returns the approval with the result of its execution. */
export function settled(approval: Approval, result: Result): Approval {
  return {
    ...approval,
    status: statusOnceSettled(approval, result),
    result,
    revision: approval.revision + 1,
  };
}
