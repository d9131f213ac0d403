// The ladder as a table of cases: what is due when, whoever looks and however late.
import { expect, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import { currentApprovers, dueStep } from '../../domain/escalation.ts';
import { scheduleFor, type EscalationStep } from '../../domain/escalation-schedule.ts';
import { approval } from '../support/approvals.ts';

const asked = '2026-11-02T10:00:00.000Z';
const deadline = '2026-11-02T10:20:00.000Z';

it('counts its times from the asking to the deadline', () => {
  expect(scheduleFor({ remindAt: 0.5, escalateAt: 0.75, escalateTo: ['S0RISK'] }, asked, deadline)).toEqual({
    reminder: '2026-11-02T10:10:00.000Z',
    escalation: '2026-11-02T10:15:00.000Z',
    escalateTo: ['S0RISK'],
  });
});

it('has no rung that is not configured, and escalates to nobody by none', () => {
  expect(scheduleFor({ escalateAt: 0.75, escalateTo: [] }, asked, deadline)).toEqual({ escalateTo: [] });
});

// Its reminder is due at 10:07:31, its escalation at 10:11:16, its deadline is 10:15:01.
const climbed = { at: '2026-11-02T10:08:00.000Z', ts: '1.1' };

it.each<[string, Partial<Approval>, EscalationStep | undefined]>([
  ['10:07:30', {}, undefined],
  ['10:07:31', {}, 'reminder'],
  ['10:10:00', { escalationSteps: { reminder: climbed } }, undefined],
  ['10:10:00', { escalationSteps: { reminder: { at: climbed.at } } }, 'reminder'],
  ['10:11:16', { escalationSteps: { reminder: climbed } }, 'escalation'],
  ['10:12:00', {}, 'escalation'],
  ['10:12:00', { escalationSteps: { escalation: climbed } }, undefined],
  ['10:12:00', { status: 'approved' }, undefined],
  ['10:15:01', {}, undefined],
  ['10:12:00', { escalationSchedule: { escalateTo: [] } }, undefined],
])('at %s of %o the rung %s is due', (time, differences, step) => {
  expect(dueStep(approval(differences), new Date(`2026-11-02T${time}.000Z`))).toBe(step);
});

it('lets those approve to whom it went, from the escalation on', () => {
  expect(currentApprovers(approval())).toEqual(['U0BEN', 'U0CHLOE']);
  const escalated = approval({ escalationSteps: { escalation: climbed } });
  expect(currentApprovers(escalated)).toEqual(['U0BEN', 'U0CHLOE', 'U0DANA']);
  const already = { escalationSchedule: { escalateTo: ['U0BEN'] }, escalationSteps: { escalation: climbed } };
  expect(currentApprovers(approval(already))).toEqual(['U0BEN', 'U0CHLOE']);
});
