// The ladder of an approval that waits: a reminder, an escalation to people who may then approve too, the expiry. What is
// due is computed from the record and the time alone; whoever looks later than planned climbs to the highest rung at once.
import type { Approval } from './approval.ts';
import type { Rung } from './escalation-schedule.ts';

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
