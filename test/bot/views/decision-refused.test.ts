import { expect, it } from 'vitest';
import { decisionMayBeLate, decisionRefused } from '../../../bot/views/decision-refused.ts';
import { approval } from '../../approvals.ts';

const decision = { outcome: 'approved', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' } as const;
const time = '<!date^1793613900^{time}|10:05 UTC>';

it('tells who pressed why it decided nothing', () => {
  expect(decisionRefused('decided', approval({ status: 'approved', decision }))).toBe(
    `Your press changed nothing: *Buy 10 AMZN* is already approved by <@U0BEN>, ${time}.`,
  );
  expect(decisionRefused('late', approval())).toBe(
    'Your press came too late: the time to decide on *Buy 10 AMZN* is over. Nothing was decided.',
  );
  expect(decisionRefused('over', approval({ status: 'expired' }))).toBe(
    'Your press changed nothing: *Buy 10 AMZN* is expired, nobody decided in time.',
  );
  expect(decisionRefused('unknown', undefined)).toContain('not known any more');
});

it('tells who decided that the execution may not have heard it', () => {
  expect(decisionMayBeLate(approval())).toContain('The thread will tell how it ended.');
});
