// The ladder of an approval that waits: a reminder, an escalation to people who may then approve too, the expiry. What is
// due is computed from the record and the time alone; whoever looks later than planned climbs to the highest rung at once.
import type { Approval } from './approval.ts';

export type Rung = 'reminder' | 'escalation';

/** As it is configured. */
export interface LadderRules {
  /** Parts of the time to decide, above 0 and below 1; absent: no such rung. */
  readonly remindAt?: number | undefined;
  readonly escalateAt?: number | undefined;
  /** Ids of the Slack users and user groups who may approve too from the escalation on. */
  readonly escalateTo: readonly string[];
}

/** As it is for one approval: times in ISO 8601. */
export interface Ladder {
  readonly reminder?: string | undefined;
  readonly escalation?: string | undefined;
  readonly escalateTo: readonly string[];
}

/** A rung that was climbed, or is being climbed. */
export interface Climbed {
  /** ISO 8601. */
  readonly at: string;
  /** Slack's `ts` of what was said, once that is known. */
  readonly ts?: string | undefined;
}

export function ladderOf(rules: LadderRules, askedAt: string, deadline: string): Ladder {
  const [from, to] = [Date.parse(askedAt), Date.parse(deadline)];
  const at = (part: number) => new Date(from + part * (to - from)).toISOString();
  const { remindAt, escalateAt, escalateTo } = rules;
  return {
    ...(remindAt === undefined ? {} : { reminder: at(remindAt) }),
    ...(escalateAt === undefined || escalateTo.length === 0 ? {} : { escalation: at(escalateAt) }),
    escalateTo,
  };
}

/** The rung to climb now. A lower one that was missed is not climbed any more. */
export function dueRung({ status, deadline, ladder, rungs }: Approval, now: Date): Rung | undefined {
  const time = now.toISOString();
  if (status !== 'pending' || deadline <= time) return undefined;
  const due = (['escalation', 'reminder'] as const).find((rung) => (ladder[rung] ?? deadline) <= time);
  return due && !rungs[due]?.ts ? due : undefined;
}

/** When the next rung is to be climbed, ISO 8601: in the past where one is overdue. Undefined: none is left. */
export function nextRung({ ladder, rungs }: Pick<Approval, 'ladder' | 'rungs'>): string | undefined {
  if (rungs.escalation?.ts) return undefined;
  const left = [rungs.reminder?.ts ? undefined : ladder.reminder, ladder.escalation];
  return left.filter((at) => at !== undefined).toSorted()[0];
}

/** Ids of all users and user groups who may approve now: the policy's, and from the escalation on those it went to. */
export function approversNow({
  policy,
  ladder,
  rungs,
}: Pick<Approval, 'policy' | 'ladder' | 'rungs'>): readonly string[] {
  const more = rungs.escalation ? ladder.escalateTo.filter((id) => !policy.approvers.includes(id)) : [];
  return [...policy.approvers, ...more];
}
