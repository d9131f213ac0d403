// When an approval that nobody decides is reminded about and escalated: as configured, and as times for one approval.
// request-approval computes the times; the record keeps them.

export type EscalationStep = 'reminder' | 'escalation';

/** As it is configured. */
export interface EscalationRules {
  /** Parts of the time to decide, above 0 and below 1; absent: no such rung. */
  readonly remindAt?: number | undefined;
  readonly escalateAt?: number | undefined;
  /** Ids of the Slack users and user groups who may approve too from the escalation on. */
  readonly escalateTo: readonly string[];
}

/** As it is for one approval: times in ISO 8601. */
export interface EscalationSchedule {
  readonly reminder?: string | undefined;
  readonly escalation?: string | undefined;
  readonly escalateTo: readonly string[];
}

/** A rung that was climbed, or is being climbed. */
export interface StepRecord {
  /** ISO 8601. */
  readonly at: string;
  /** Slack's `ts` of what was said, once that is known. */
  readonly ts?: string | undefined;
}

export function scheduleFor(rules: EscalationRules, askedAt: string, deadline: string): EscalationSchedule {
  const [from, to] = [Date.parse(askedAt), Date.parse(deadline)];
  const at = (part: number) => new Date(from + part * (to - from)).toISOString();
  const { remindAt, escalateAt, escalateTo } = rules;
  return {
    ...(remindAt === undefined ? {} : { reminder: at(remindAt) }),
    ...(escalateAt === undefined || escalateTo.length === 0 ? {} : { escalation: at(escalateAt) }),
    escalateTo,
  };
}
