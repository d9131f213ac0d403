// The escalation of a pending approval: the steps that were run, and what follows if it stays pending. The message shows it in
// its last line.
import type { Approval } from '../../domain/approval.ts';
import { formatList, mention, time } from './mrkdwn.ts';

export function escalationLine(approval: Approval): string {
  const { deadline, escalationSchedule, escalationSteps } = approval;
  const { reminder } = escalationSchedule;
  const ending = `expires ${time(deadline)}, and nothing is done`;
  if (escalationSteps.escalation)
    return `${pastEscalation(approval, escalationSteps.escalation.at)} · if it stays pending: ${ending}`;
  const next = upcomingEscalation(approval);
  if (escalationSteps.reminder)
    return `Reminded ${time(escalationSteps.reminder.at)} · if it stays pending: ${[...next, ending].join(' · ')}`;
  const steps = [...(reminder ? [`reminder ${time(reminder)}`] : []), ...next, ending];
  return `If it stays pending: ${steps.join(' · ')}`;
}

/** Ids of the users and user groups who may approve only after the escalation. */
export function escalationTargets({ escalationSchedule, policy, requesters }: Approval): readonly string[] {
  return escalationSchedule.escalateTo.filter(
    (id) => !policy.approvers.includes(id) && !requesters.includes(id),
  );
}

function upcomingEscalation(approval: Approval): readonly string[] {
  const { escalation } = approval.escalationSchedule;
  if (!escalation) return [];
  const targets = escalationTargets(approval)
    .filter((id) => !approval.effectiveApprovers.includes(id))
    .map(mention);
  return targets.length > 0
    ? [`${formatList(targets, 'and')} can approve too from ${time(escalation)}`]
    : [`last reminder ${time(escalation)}`];
}

function pastEscalation(approval: Approval, at: string): string {
  const targets = escalationTargets(approval);
  if (targets.length === 0) return `Last reminder ${time(at)}`;
  return `Escalated ${time(at)} to ${formatList(targets.map(mention), 'and')}`;
}
