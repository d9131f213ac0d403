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
    return [[`Reminded ${time(escalationSteps.reminder.at)}`, ...upcoming].join(' · ')];
  }
  const steps = [...(reminder ? [`reminder ${time(reminder)}`] : []), ...next];
  return steps.length > 0 ? [`If nobody decides: ${steps.join(' · ')}`] : [];
}

/** Ids of the users and user groups who may approve only after the escalation. */
export function escalationTargets({ escalationSchedule, policy }: Approval): readonly string[] {
  return escalationSchedule.escalateTo.filter((id) => !policy.approvers.includes(id));
}

function upcomingEscalation(approval: Approval): readonly string[] {
  const { escalation } = approval.escalationSchedule;
  if (!escalation) return [];
  const targets = escalationTargets(approval).map(mention);
  return targets.length > 0
    ? [`from ${time(escalation)} ${formatList(targets, 'and')} may approve too`]
    : [`last reminder ${time(escalation)}`];
}

function pastEscalation(approval: Approval, at: string): string {
  const targets = escalationTargets(approval).map(mention);
  return targets.length > 0
    ? `Since ${time(at)} ${formatList(targets, 'and')} may approve too`
    : `Reminded for the last time ${time(at)}`;
}
