// Computes when approvers are reminded of a pending approval, and when the approval is escalated. request-approval
// calls it, and stores the times with the approval.

export type EscalationStep = 'reminder' | 'escalation';

export interface EscalationRules {
  /** Fraction of the time to decide, above 0 and below 1. If absent, there is no reminder. */
  readonly remindAt?: number | undefined;
  /** Fraction of the time to decide, above 0 and below 1. If absent, there is no escalation. */
  readonly escalateAt?: number | undefined;
  /** Ids of the Slack users and user groups who may also approve after the escalation. */
  readonly escalateTo: readonly string[];
}

/** The schedule of one approval. Times are ISO 8601, and absent if the step is not scheduled. */
export interface EscalationSchedule {
  readonly reminder?: string | undefined;
  readonly escalation?: string | undefined;
  readonly escalateTo: readonly string[];
}

/** An escalation step that was run, or is being run. */
export interface StepRecord {
  /** When the step started, ISO 8601. */
  readonly at: string;
  /** Slack's `ts` of the reply in the thread. Absent until the reply is posted. */
  readonly ts?: string | undefined;
}

export function scheduleFor(rules: EscalationRules, askedAt: string, deadline: string): EscalationSchedule {
  const [from, to] = [Date.parse(askedAt), Date.parse(deadline)];
  const at = (fraction: number) => new Date(from + fraction * (to - from)).toISOString();
  const { remindAt, escalateAt, escalateTo } = rules;
  return {
    ...(remindAt === undefined ? {} : { reminder: at(remindAt) }),
    ...(escalateAt === undefined || escalateTo.length === 0 ? {} : { escalation: at(escalateAt) }),
    escalateTo,
  };
}
