// Tests the words for the people who may approve now, and the answers to those who may not because they are out.
import { describe, expect, it } from 'vitest';
import type { Approval } from '../../../domain/approval.ts';
import { formatCurrentApprovers } from '../../../slack/views/current-approvers.ts';
import { refusalMessage } from '../../../slack/views/decision-refused.ts';
import { delegateReply } from '../../../slack/views/delegation.ts';
import { approval } from '../../support/approvals.ts';

const many = Array.from({ length: 50 }, (_, index) => `U0P${index}`);
const delegated: Partial<Approval> = {
  effectiveApprovers: ['U0CHLOE', 'U0DANA'],
  delegateFor: { U0DANA: 'U0BEN' },
  away: ['U0BEN'],
};

describe('formatCurrentApprovers', () => {
  it.each<[string, Partial<Approval>, string]>([
    ['approvers', {}, '<@U0BEN> or <@U0CHLOE>'],
    ['a delegate', delegated, '<@U0CHLOE>, or <@U0DANA> for <@U0BEN>'],
    ['a delegate alone', { ...delegated, effectiveApprovers: ['U0DANA'] }, '<@U0DANA> for <@U0BEN>'],
    ['no approver who is the requester', { requesters: ['U0BEN'] }, '<@U0CHLOE>'],
    ['no approver who has approved', { votes: { U0BEN: { at: '2026-11-02T10:04:00.000Z' } } }, '<@U0CHLOE>'],
    ['nobody', { effectiveApprovers: [] }, 'nobody'],
    [
      'ten of fifty approvers',
      { policy: { approvals: 1, approvers: many }, effectiveApprovers: many },
      `${many
        .slice(0, 10)
        .map((id) => `<@${id}>`)
        .join(', ')} or 40 more`,
    ],
    [
      'the group although there are more approvers beside it than are named',
      {
        policy: { approvals: 1, approvers: [...many.slice(0, 11), 'S0RISK'] },
        effectiveApprovers: many,
      },
      `<!subteam^S0RISK>, ${many
        .slice(0, 9)
        .map((id) => `<@${id}>`)
        .join(', ')} or 2 more`,
    ],
    [
      'the group of fifty approvers, with an approver beside it and a delegate',
      {
        policy: { approvals: 1, approvers: ['S0RISK', 'U0CHLOE'] },
        effectiveApprovers: ['U0CHLOE', 'U0DANA', ...many],
        delegateFor: { U0DANA: 'U0BEN' },
      },
      '<!subteam^S0RISK> or <@U0CHLOE>, or <@U0DANA> for <@U0BEN>',
    ],
  ])('names %s', (_, differences, words) => {
    expect(formatCurrentApprovers(approval(differences), 'or')).toBe(words);
  });
});

describe('refusalMessage', () => {
  const out = { directMessages: true, outUntil: '2026-11-30', timeZone: 'America/New_York' };
  const toldBen = (asked: Approval, preferences: { directMessages: boolean }) =>
    refusalMessage('not_an_approver', 'approve', asked, { by: 'U0BEN', preferences });

  it('tells a person who is out until when, who approves instead, and where to change it', () => {
    expect(toldBen(approval(delegated), out)).toMatchInlineSnapshot(
      `"You can't approve *Buy 10 AMZN, total USD 1,822.00*: you are out of office until the end of November 30, 2026 (America/New York). <@U0CHLOE>, or <@U0DANA> for <@U0BEN> can approve it. If you are back, change this in the Home of this app, and press again in five minutes."`,
    );
    const alone = approval({ effectiveApprovers: ['U0CHLOE'], away: ['U0BEN'] });
    expect(toldBen(alone, out)).toMatchInlineSnapshot(
      `"You can't approve *Buy 10 AMZN, total USD 1,822.00*: you are out of office until the end of November 30, 2026 (America/New York). <@U0CHLOE> can approve it. If you are back, change this in the Home of this app, and press again in five minutes."`,
    );
  });

  it('tells a person who is back when they may approve, or that their delegate approved', () => {
    const back = { directMessages: true };
    expect(toldBen(approval(delegated), back)).toMatchInlineSnapshot(
      `"You can't approve *Buy 10 AMZN, total USD 1,822.00*: you were out of office until a moment ago. Press again in five minutes. <@U0CHLOE>, or <@U0DANA> for <@U0BEN> can approve it."`,
    );
    const voted = approval({ ...delegated, votes: { U0DANA: { at: '2026-11-02T10:04:00.000Z' } } });
    expect(toldBen(voted, back)).toMatchInlineSnapshot(
      `"You can't approve *Buy 10 AMZN, total USD 1,822.00*: <@U0DANA> approved it in your place while you were out. <@U0CHLOE> can approve it."`,
    );
  });

  it('promises nothing if nobody can approve', () => {
    expect(refusalMessage('not_an_approver', 'approve', approval({ effectiveApprovers: [] }))).toContain(
      'As things are, nobody can approve it.',
    );
  });
});

describe('delegateReply', () => {
  it('mentions the delegate and the person who is out', () => {
    expect(delegateReply('U0DANA', approval(delegated))).toMatchInlineSnapshot(
      `":wave: <@U0DANA>: <@U0BEN> is out, so you may approve *Buy 10 AMZN, total USD 1,822.00* in their place, until <!date^1793614501^{time} {date_short_pretty}|2026-11-02 10:15 UTC>."`,
    );
  });
});
