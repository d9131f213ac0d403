// One line about the escalation of a pending approval: the steps that were run, and the steps that follow if nobody
// decides. The message shows it.
import type { Approval } from '../../domain/approval.ts';
import { formatList, mention, time } from './mrkdwn.ts';

export function escalationLine(approval: Approval): readonly string[] {
  const { escalationSchedule, escalationSteps } = approval;
  const { reminder } = escalationSchedule;
  if (escalationSteps.escalation) return [pastEscalation(approval, escalationSteps.escalation.at)];
  const next = upcomingEscalation(approval);
  if (escalationSteps.reminder) {
    const upcoming = next.map((step) => `if nobody decides: ${step}`);
    return [[`Reminded at ${time(escalationSteps.reminder.at)}`, ...upcoming].join(' · ')];
  }
  const steps = [...(reminder ? [`reminder at ${time(reminder)}`] : []), ...next];
  return steps.length > 0 ? [`If nobody decides: ${steps.join(' · ')}`] : [];
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
    ? [`from ${time(escalation)} ${formatList(targets, 'and')} may approve too`]
    : [`last reminder at ${time(escalation)}`];
}

function pastEscalation(approval: Approval, at: string): string {
  const targets = escalationTargets(approval);
  if (targets.length === 0) return `Last reminder at ${time(at)}`;
  return `Escalated at ${time(at)} to ${formatList(targets.map(mention), 'and')}`;
}
