// When what happens if nobody decides, and what of it has happened, in one line. The message of what waits shows it.
import type { Approval } from '../../domain/approval.ts';
import { formatList, mention, time } from './mrkdwn.ts';

export function escalationLine(approval: Approval): readonly string[] {
  const { escalationSchedule, escalationSteps } = approval;
  const { reminder } = escalationSchedule;
  if (escalationSteps.escalation) return [escalated(approval, escalationSteps.escalation.at)];
  const next = toEscalate(approval);
  if (escalationSteps.reminder) {
    const ahead = next.map((step) => `if nobody decides: ${step}`);
    return [[`Reminded ${time(escalationSteps.reminder.at)}`, ...ahead].join(' · ')];
  }
  const steps = [...(reminder ? [`reminder ${time(reminder)}`] : []), ...next];
  return steps.length > 0 ? [`If nobody decides: ${steps.join(' · ')}`] : [];
}

/** Ids of those to whom it goes who could not approve it before. */
export function escalationTargets({ escalationSchedule, policy }: Approval): readonly string[] {
  return escalationSchedule.escalateTo.filter((id) => !policy.approvers.includes(id));
}

function toEscalate(approval: Approval): readonly string[] {
  const { escalation } = approval.escalationSchedule;
  if (!escalation) return [];
  const more = escalationTargets(approval).map(mention);
  return more.length > 0
    ? [`from ${time(escalation)} ${formatList(more, 'and')} may approve too`]
    : [`last reminder ${time(escalation)}`];
}

function escalated(approval: Approval, at: string): string {
  const more = escalationTargets(approval).map(mention);
  return more.length > 0
    ? `Since ${time(at)} ${formatList(more, 'and')} may approve too`
    : `Reminded for the last time ${time(at)}`;
}
