// Tests when each escalation step is due, as a table of cases.
import { describe, expect, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import { currentApprovers, dueStep, nextStepAt } from '../../domain/escalation.ts';
import { scheduleFor, type EscalationStep } from '../../domain/escalation-schedule.ts';
import { approval } from '../support/approvals.ts';

const asked = '2026-11-02T10:00:00.000Z';
const deadline = '2026-11-02T10:20:00.000Z';

describe('escalation', () => {
  it('calculates its times between the request and the deadline', () => {
    expect(scheduleFor({ remindAt: 0.5, escalateAt: 0.75, escalateTo: ['S0RISK'] }, asked, deadline)).toEqual(
      {
        reminder: '2026-11-02T10:10:00.000Z',
        escalation: '2026-11-02T10:15:00.000Z',
        escalateTo: ['S0RISK'],
      },
    );
  });

  it('has no escalation that is not configured, although it has targets', () => {
    expect(scheduleFor({ remindAt: 0.5, escalateTo: ['S0RISK'] }, asked, deadline)).toStrictEqual({
      reminder: '2026-11-02T10:10:00.000Z',
      escalateTo: ['S0RISK'],
    });
  });

  it('has no step that is not configured, and no escalation without targets', () => {
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
  ])('at %s, %o has the due step %s', (time, differences, step) => {
    expect(dueStep(approval(differences), new Date(`2026-11-02T${time}.000Z`))).toBe(step);
  });

  const [reminder, escalation] = ['2026-11-02T10:07:31.000Z', '2026-11-02T10:11:16.000Z'];

  it.each<[string, Partial<Approval>, string | undefined]>([
    ['the reminder first', {}, reminder],
    ['the escalation after the reminder', { escalationSteps: { reminder: climbed } }, escalation],
    [
      'a reminder that was begun and not posted',
      { escalationSteps: { reminder: { at: climbed.at } } },
      reminder,
    ],
    ['nothing after the escalation', { escalationSteps: { escalation: climbed } }, undefined],
    [
      'an escalation that was begun and not posted',
      { escalationSteps: { reminder: climbed, escalation: { at: climbed.at } } },
      escalation,
    ],
    [
      'the earlier one, whichever it is',
      { escalationSchedule: { reminder: escalation, escalation: reminder, escalateTo: [] } },
      reminder,
    ],
    ['nothing if nothing is scheduled', { escalationSchedule: { escalateTo: [] } }, undefined],
  ])('runs next: %s', (_, differences, at) => {
    expect(nextStepAt(approval(differences))).toBe(at);
  });

  it('lets its targets approve once it has started', () => {
    expect(currentApprovers(approval())).toEqual(['U0BEN', 'U0CHLOE']);
    const escalated = approval({ escalationSteps: { escalation: climbed } });
    expect(currentApprovers(escalated)).toEqual(['U0BEN', 'U0CHLOE', 'U0DANA']);
    const already = {
      escalationSchedule: { escalateTo: ['U0BEN'] },
      escalationSteps: { escalation: climbed },
    };
    expect(currentApprovers(approval(already))).toEqual(['U0BEN', 'U0CHLOE']);
  });
});
