import { expect, it } from 'vitest';
import { isForTheChannel, resultReply, unaskedResult } from '../../../bot/views/result-reply.ts';
import type { Result } from '../../../domain/approval.ts';
import { approval } from '../../approvals.ts';

const declined = approval({
  status: 'declined',
  decision: { outcome: 'declined', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' },
});

it.each<[Result, boolean, string]>([
  [
    { outcome: 'filled', text: 'Bought 10 AMZN.' },
    true,
    ':chart_with_upwards_trend: *Filled.* Bought 10 AMZN.',
  ],
  [{ outcome: 'declined' }, false, ':x: *Declined* by <@U0BEN>. Nothing was done.'],
  [{ outcome: 'expired' }, false, ':alarm_clock: *Expired.* Nobody decided in time; nothing was done.'],
  [{ outcome: 'failed', text: 'Not <enough>.' }, true, ':warning: *Failed.* Not &lt;enough&gt;.'],
  [{ outcome: 'cancelled' }, false, ':no_entry: *Cancelled.* The execution was stopped; nothing was done.'],
])('tells of %o, to the channel: %s', (result, forTheChannel, told) => {
  expect(resultReply(result, declined)).toBe(told);
  expect(isForTheChannel(result)).toBe(forTheChannel);
});

it('names the execution where there is no message to reply to', () => {
  expect(unaskedResult({ outcome: 'failed', text: 'NOPE is not a symbol.' }, 'run-1')).toBe(
    ':warning: *Failed.* NOPE is not a symbol. Execution run-1.',
  );
});

it('says that a token was answered outside Slack where no decision is on record', () => {
  expect(resultReply({ outcome: 'declined' }, approval())).toContain('somebody outside Slack');
});
