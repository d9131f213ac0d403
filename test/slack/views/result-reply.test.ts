import { describe, expect, it } from 'vitest';
import { resultReply, unaskedResult } from '../../../slack/views/result-reply.ts';
import type { Result } from '../../../domain/approval.ts';
import { approval, approvalOfTwo } from '../../support/approvals.ts';

const declined = approval({
  status: 'declined',
  decision: { outcome: 'declined', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' },
});

describe('resultReply', () => {
  it.each<[Result, string]>([
    [
      { outcome: 'done', label: 'Filled', emoji: ':chart_with_upwards_trend:', text: 'Bought 10 AMZN.' },
      ':chart_with_upwards_trend: *Filled.* Bought 10 AMZN.',
    ],
    [{ outcome: 'done' }, ':white_check_mark: *Done: Buy 10 AMZN, total USD\u00A01,822.00.*'],
    [
      { outcome: 'done', label: '*Sent*' },
      ':white_check_mark: *∗Sent∗: Buy 10 AMZN, total USD\u00A01,822.00.*',
    ],
    [
      { outcome: 'declined' },
      ':x: *Declined: Buy 10 AMZN, total USD\u00A01,822.00* by <@U0BEN>. Nothing was done.',
    ],
    [
      { outcome: 'expired' },
      ':alarm_clock: *Expired: Buy 10 AMZN, total USD\u00A01,822.00.* The decision came too late; nothing was done.',
    ],
    [
      { outcome: 'failed', text: 'Not <enough>.' },
      ':warning: *Failed: Buy 10 AMZN, total USD\u00A01,822.00.* Not &lt;enough&gt;.',
    ],
    [
      { outcome: 'partly', label: 'Partly filled', text: 'Bought 4 of 10 AMZN.' },
      ':large_orange_circle: *Partly filled.* Bought 4 of 10 AMZN.',
    ],
    [{ outcome: 'partly' }, ':large_orange_circle: *Partly done: Buy 10 AMZN, total USD\u00A01,822.00.*'],
    [
      { outcome: 'unfilled', text: 'The price rose above the limit.' },
      ':white_circle: *Not done: Buy 10 AMZN, total USD\u00A01,822.00.* The price rose above the limit. Nothing was done.',
    ],
    [
      { outcome: 'halted', text: 'Orders 1 and 2 were cancelled.' },
      ':octagonal_sign: *Halted: Buy 10 AMZN, total USD\u00A01,822.00.* The workflow was halted. Orders 1 and 2 were cancelled.',
    ],
    [
      { outcome: 'refused', text: 'NOPE cannot be sold short.' },
      ':no_entry_sign: *Refused: Buy 10 AMZN, total USD\u00A01,822.00.* NOPE cannot be sold short. Nobody was asked, and nothing was done.',
    ],
    [
      { outcome: 'cancelled' },
      ':no_entry: *Cancelled: Buy 10 AMZN, total USD\u00A01,822.00.* The execution was stopped; nothing was done.',
    ],
  ])('describes %o', (result, told) => {
    expect(resultReply(result, declined)).toBe(told);
  });

  it('gives the reason of a declined request and says if it was withdrawn, because readers outside the thread see no message', () => {
    const at = '2026-11-02T10:05:00.000Z';
    const decision = { outcome: 'declined', by: 'U0ANA', at, reason: 'Too *late*\nnow' } as const;
    expect(resultReply({ outcome: 'declined' }, approval({ status: 'declined', decision }))).toBe(
      ':leftwards_arrow_with_hook: *Withdrawn: Buy 10 AMZN, total USD\u00A01,822.00* by <@U0ANA>. Nothing was done. Reason: “Too ∗late∗ now”',
    );
  });

  it('says how many approvals an expired request had', () => {
    const votes = { U0BEN: { at: '2026-11-02T10:04:00.000Z' } };
    expect(resultReply({ outcome: 'expired' }, approvalOfTwo({ status: 'expired', votes }))).toMatch(
      /Only 1 of 2 approved in time; nothing was done\.$/,
    );
  });

  it('names the execution if there is no message to reply to', () => {
    expect(unaskedResult({ outcome: 'failed', text: 'NOPE is not a symbol.' }, 'run-1')).toBe(
      ':warning: *Failed.* NOPE is not a symbol. Execution `run-1`.',
    );
  });

  it('says that a token was answered outside Slack if no decision is recorded', () => {
    expect(resultReply({ outcome: 'declined' }, approval())).toContain('somebody outside Slack');
  });

  it('names nobody for a decision of somebody else', () => {
    const decision = { outcome: 'approved', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' } as const;
    expect(resultReply({ outcome: 'declined' }, approval({ status: 'declined', decision }))).toContain(
      'somebody outside Slack',
    );
    expect(resultReply({ outcome: 'expired' }, approval())).toContain('Nobody decided in time');
  });

  it('says that an approved action may have been done if nobody knows', () => {
    const decision = { outcome: 'approved', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' } as const;
    const result = {
      outcome: 'cancelled',
      text: 'The execution was stopped. Nothing more is done.',
      unsure: true,
    } as const;
    expect(resultReply(result, approval({ status: 'cancelled', decision, result }))).toContain(
      'Nobody knows whether it was done',
    );
    expect(resultReply(result, approval({ status: 'cancelled', result }))).not.toContain('all the same');
  });
});
