// The ladder as a table of cases: what is due when, whoever looks and however late.
import { expect, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import { approversNow, dueRung } from '../../domain/escalation.ts';
import { ladderOf, type Rung } from '../../domain/escalation-schedule.ts';
import { approval } from '../support/approvals.ts';

const asked = '2026-11-02T10:00:00.000Z';
const deadline = '2026-11-02T10:20:00.000Z';

it('counts its times from the asking to the deadline', () => {
  expect(ladderOf({ remindAt: 0.5, escalateAt: 0.75, escalateTo: ['S0RISK'] }, asked, deadline)).toEqual({
    reminder: '2026-11-02T10:10:00.000Z',
    escalation: '2026-11-02T10:15:00.000Z',
    escalateTo: ['S0RISK'],
  });
});

it('has no rung that is not configured, and escalates to nobody by none', () => {
  expect(ladderOf({ escalateAt: 0.75, escalateTo: [] }, asked, deadline)).toEqual({ escalateTo: [] });
});

// Its reminder is due at 10:07:31, its escalation at 10:11:16, its deadline is 10:15:01.
const climbed = { at: '2026-11-02T10:08:00.000Z', ts: '1.1' };

it.each<[string, Partial<Approval>, Rung | undefined]>([
  ['10:07:30', {}, undefined],
  ['10:07:31', {}, 'reminder'],
  ['10:10:00', { rungs: { reminder: climbed } }, undefined],
  ['10:10:00', { rungs: { reminder: { at: climbed.at } } }, 'reminder'],
  ['10:11:16', { rungs: { reminder: climbed } }, 'escalation'],
  ['10:12:00', {}, 'escalation'],
  ['10:12:00', { rungs: { escalation: climbed } }, undefined],
  ['10:12:00', { status: 'approved' }, undefined],
  ['10:15:01', {}, undefined],
  ['10:12:00', { ladder: { escalateTo: [] } }, undefined],
])('at %s of %o the rung %s is due', (time, differences, rung) => {
  expect(dueRung(approval(differences), new Date(`2026-11-02T${time}.000Z`))).toBe(rung);
});

it('lets those approve to whom it went, from the escalation on', () => {
  expect(approversNow(approval())).toEqual(['U0BEN', 'U0CHLOE']);
  const escalated = approval({ rungs: { escalation: climbed } });
  expect(approversNow(escalated)).toEqual(['U0BEN', 'U0CHLOE', 'U0DANA']);
  const already = { ladder: { escalateTo: ['U0BEN'] }, rungs: { escalation: climbed } };
  expect(approversNow(approval(already))).toEqual(['U0BEN', 'U0CHLOE']);
});
