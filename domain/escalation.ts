// The escalation steps of a pending approval: a reminder, then an escalation that lets further people approve. The
// reconciler and the views call it.
import type { Approval } from './approval.ts';
import type { EscalationStep } from './escalation-schedule.ts';

/** The step to run now. Undefined if no step is due. A missed reminder is skipped once the escalation is due. */
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

/** When the next step is or was due, ISO 8601. Undefined if no step is left. */
export function nextStepAt({
  escalationSchedule,
  escalationSteps,
}: Pick<Approval, 'escalationSchedule' | 'escalationSteps'>): string | undefined {
  if (escalationSteps.escalation?.ts) return undefined;
  const upcoming = [
    escalationSteps.reminder?.ts ? undefined : escalationSchedule.reminder,
    escalationSchedule.escalation,
  ];
  // Stryker disable next-line MethodExpression,ConditionalExpression: sorting puts undefined last
  return upcoming.filter((at) => at !== undefined).toSorted()[0];
}

/**
 * Ids of all Slack users and user groups who may approve now. Once the escalation has started, they include those of
 * `escalateTo`.
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
