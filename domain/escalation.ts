// The ladder of an approval that waits: a reminder, an escalation to people who may then approve too, the expiry. What is
// due is computed from the record and the time alone; whoever looks later than planned climbs to the highest rung at once.
import type { Approval } from './approval.ts';
import type { EscalationStep } from './escalation-schedule.ts';

/** The rung to climb now. A lower one that was missed is not climbed any more. */
export function dueStep(
  { status, deadline, escalationSchedule, escalationSteps }: Approval,
  now: Date,
): EscalationStep | undefined {
  const time = now.toISOString();
  if (status !== 'pending' || deadline <= time) return undefined;
  const due = (['escalation', 'reminder'] as const).find(
    (step) => (escalationSchedule[step] ?? deadline) <= time,
  );
  return due && !escalationSteps[due]?.ts ? due : undefined;
}

/** When the next rung is to be climbed, ISO 8601: in the past where one is overdue. Undefined: none is left. */
export function nextStepAt({
  escalationSchedule,
  escalationSteps,
}: Pick<Approval, 'escalationSchedule' | 'escalationSteps'>): string | undefined {
  if (escalationSteps.escalation?.ts) return undefined;
  const left = [
    escalationSteps.reminder?.ts ? undefined : escalationSchedule.reminder,
    escalationSchedule.escalation,
  ];
  return left.filter((at) => at !== undefined).toSorted()[0];
}

/** Ids of all users and user groups who may approve now: the policy's, and from the escalation on those it went to. */
export function currentApprovers({
  policy,
  escalationSchedule,
  escalationSteps,
}: Pick<Approval, 'policy' | 'escalationSchedule' | 'escalationSteps'>): readonly string[] {
  const more = escalationSteps.escalation
    ? escalationSchedule.escalateTo.filter((id) => !policy.approvers.includes(id))
    : [];
  return [...policy.approvers, ...more];
}
