// The escalation of a pending approval: a reminder, then an escalation to further people who may approve. The
// reconciler asks for the step that is due. If the reconciler runs late, it gets only the latest step.
import type { Approval } from './approval.ts';
import type { EscalationStep } from './escalation-schedule.ts';

/** The step to run now, if any. A reminder that was missed is skipped once the escalation is due. */
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

/** When the next step is due, ISO 8601; in the past if it is overdue. Undefined if no step is left. */
export function nextStepAt({
  escalationSchedule,
  escalationSteps,
}: Pick<Approval, 'escalationSchedule' | 'escalationSteps'>): string | undefined {
  if (escalationSteps.escalation?.ts) return undefined;
  const upcoming = [
    escalationSteps.reminder?.ts ? undefined : escalationSchedule.reminder,
    escalationSchedule.escalation,
  ];
  return upcoming.filter((at) => at !== undefined).toSorted()[0];
}

/**
 * Ids of all users and user groups who may approve now: those of the policy, and after the escalation also its targets.
 */
export function currentApprovers({
  policy,
  escalationSchedule,
  escalationSteps,
}: Pick<Approval, 'policy' | 'escalationSchedule' | 'escalationSteps'>): readonly string[] {
  const targets = escalationSteps.escalation
    ? escalationSchedule.escalateTo.filter((id) => !policy.approvers.includes(id))
    : [];
  return [...policy.approvers, ...targets];
}
