// Tests when each escalation step is due, as a table of cases.
import { describe, expect, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import { approversNow, dueRung } from '../../domain/escalation.ts';
import { ladderOf, type Rung } from '../../domain/escalation-schedule.ts';
import { approval } from '../support/approvals.ts';

const asked = '2026-11-02T10:00:00.000Z';
const deadline = '2026-11-02T10:20:00.000Z';

describe('escalation', () => {
  it('calculates its times between the request and the deadline', () => {
    expect(ladderOf({ remindAt: 0.5, escalateAt: 0.75, escalateTo: ['S0RISK'] }, asked, deadline)).toEqual({
      reminder: '2026-11-02T10:10:00.000Z',
      escalation: '2026-11-02T10:15:00.000Z',
      escalateTo: ['S0RISK'],
    });
  });

  it('has no step that is not configured, and no escalation without targets', () => {
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
  ])('at %s, %o has the due step %s', (time, differences, rung) => {
    expect(dueRung(approval(differences), new Date(`2026-11-02T${time}.000Z`))).toBe(rung);
  });

  it('lets its targets approve once it has started', () => {
    expect(approversNow(approval())).toEqual(['U0BEN', 'U0CHLOE']);
    const escalated = approval({ rungs: { escalation: climbed } });
    expect(approversNow(escalated)).toEqual(['U0BEN', 'U0CHLOE', 'U0DANA']);
    const already = { ladder: { escalateTo: ['U0BEN'] }, rungs: { escalation: climbed } };
    expect(approversNow(approval(already))).toEqual(['U0BEN', 'U0CHLOE']);
  });
});
