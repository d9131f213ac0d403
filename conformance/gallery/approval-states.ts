// One approval for each state. The gallery shows them, and the tests of the views use them.
import type { Approval } from '../../domain/approval.ts';
import { approval, approvalOfTwo } from './approvals.ts';
import { buyRequest, largeBuyRequest, priceMoved, resubmittedRequest, sellRequest } from './trades.ts';

const approved = { outcome: 'approved', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' } as const;
const declined = {
  ...approved,
  outcome: 'declined',
  reason: 'Earnings are tonight, let us wait.',
} as const;
const large = { request: largeBuyRequest };
const permalink = 'https://local.slack.com/archives/C0TRADING/p1793613601000000';
const note = 'The desk in London asked for it.';

export const approvalStates: Readonly<Record<string, Approval>> = {
  pending: approval(),
  'a recommended trade': approval({ request: buyRequest }),
  'a trade with a limit, against the rule': approval({ request: sellRequest }),
  'pending, with a note and a confirmation': approval({
    confirm: true,
    request: { ...large.request, note },
  }),
  'pending, with links, code and many facts': approval({
    policy: { ...approval().policy, labels: { approve: 'Buy', decline: 'Not now' } },
    request: {
      ...approval().request,
      facts: [
        { label: 'Price', value: 'USD 182.20', url: 'https://quotes.example.com/AMZN' },
        ...Array.from({ length: 11 }, (_, at) => ({ label: `Fill ${at + 1}`, value: '1 share' })),
      ],
      links: [
        { label: 'Order book', url: 'https://quotes.example.com/AMZN/book' },
        { label: 'Mandate', url: 'https://wiki.example.com/mandate' },
      ],
      code: '- cash     10,000.00\n+ cash      8,178.00\n+ AMZN            10',
    },
  }),
  'two wanted': approvalOfTwo(large),
  'half approved': approvalOfTwo({
    ...large,
    votes: { U0BEN: { at: '2026-11-02T10:04:00.000Z' } },
    outstanding: 1,
  }),
  'nobody can approve': approvalOfTwo({ ...large, effectiveApprovers: ['U0BEN'] }),
  'half approved, nobody else may': approvalOfTwo({
    ...large,
    effectiveApprovers: ['U0BEN'],
    votes: { U0BEN: { at: '2026-11-02T10:04:00.000Z' } },
    outstanding: 1,
  }),
  reminded: approval({ escalationSteps: { reminder: { at: '2026-11-02T10:08:00.000Z' } } }),
  escalated: approval({
    escalationSteps: { escalation: { at: '2026-11-02T10:12:00.000Z' } },
    effectiveApprovers: ['U0BEN', 'U0CHLOE', 'U0DANA'],
  }),
  'asked of a delegate': approval({
    effectiveApprovers: ['U0CHLOE', 'U0DANA'],
    delegateFor: { U0DANA: 'U0BEN' },
    away: ['U0BEN'],
  }),
  changed: approvalOfTwo({
    ...large,
    terms: { json: '{"limit":182}', digest: '5'.repeat(64) },
    amendments: [
      {
        at: '2026-11-02T10:06:00.000Z',
        voters: ['U0BEN'],
        before: { request: approval().request, policy: approval().policy, termsDigest: '1'.repeat(64) },
      },
    ],
  }),
  'nobody can decide': approval({ requester: undefined, requesters: ['U0BEN'], effectiveApprovers: [] }),
  'approved for another': approval({
    status: 'approved',
    decision: { ...approved, by: 'U0DANA' },
    effectiveApprovers: ['U0DANA', 'U0CHLOE'],
    delegateFor: { U0DANA: 'U0BEN' },
  }),
  'cancelled, with a reason': approval({
    status: 'cancelled',
    cancellation: { by: 'U0ANA', at: '2026-11-02T10:09:00.000Z', reason: 'The client called' },
    result: { outcome: 'cancelled' },
  }),
  'approved by two': approvalOfTwo({
    ...large,
    status: 'approved',
    decision: { ...approved, by: 'U0DANA' },
    votes: { U0BEN: { at: '2026-11-02T10:04:00.000Z' }, U0DANA: { at: approved.at } },
    outstanding: 0,
  }),
  withdrawn: approval({
    status: 'declined',
    decision: { ...declined, by: 'U0ANA', reason: 'Wrong symbol.' },
    result: { outcome: 'declined' },
  }),
  'cancelled, redriven': approval({
    status: 'cancelled',
    result: { outcome: 'cancelled', text: 'The execution was stopped.' },
    resubmitted: { at: '2026-11-02T10:20:00.000Z' },
  }),
  approved: approval({ status: 'approved', decision: approved }),
  filled: approval({
    request: buyRequest,
    status: 'approved',
    decision: approved,
    result: {
      outcome: 'done',
      label: 'Filled',
      text: 'Bought 10 AMZN at USD 182.22, total USD 1,822.20. Slippage: USD 0.20 more in total than at USD 182.20 (1.1 bps).',
    },
  }),
  'partly filled': approval({
    request: buyRequest,
    status: 'approved',
    decision: approved,
    result: {
      outcome: 'partly',
      label: 'Partly filled',
      text: 'Bought 4 of 10 AMZN at USD 182.20, total USD 728.80. The other 6 were not filled in time and were cancelled.',
    },
  }),
  'not filled': approval({
    request: buyRequest,
    status: 'approved',
    decision: approved,
    result: priceMoved,
  }),
  'asked again at a new price': approval({
    execution: 'AMZN-81b2',
    request: resubmittedRequest,
    previousAnswer: { outcome: 'unfilled', reason: priceMoved.text, permalink },
  }),
  halted: approval({
    status: 'cancelled',
    result: { outcome: 'halted', text: 'Trading is halted until tomorrow.' },
  }),
  'halted, after the approval': approval({
    status: 'approved',
    decision: approved,
    result: { outcome: 'halted', text: 'The order was cancelled. Nothing was bought.' },
  }),
  failed: approval({
    status: 'approved',
    decision: approved,
    result: {
      outcome: 'failed',
      text: 'AMZN cannot be traded at this broker. No order was placed.',
    },
  }),
  declined: approval({ status: 'declined', decision: declined, result: { outcome: 'declined' } }),
  'declined, with a note': approval({
    status: 'declined',
    decision: { ...declined, reason: undefined },
    result: { outcome: 'declined' },
    request: { ...approval().request, note },
  }),
  'asked again, with a note': approval({
    request: { ...approval().request, note, requester: 'U0CHLOE' },
    requester: 'U0CHLOE',
    requesters: ['U0CHLOE', 'U0ANA'],
    noteBy: 'U0ANA',
    effectiveApprovers: ['U0BEN'],
    previousAnswer: { outcome: 'declined', by: 'U0BEN', reason: declined.reason },
  }),
  'started outside Slack, with a name': approval({
    requester: undefined,
    requesters: ['U0ANA'],
    noteBy: undefined,
  }),
  expired: approval({ status: 'expired', result: { outcome: 'expired' } }),
  'expired, half approved': approvalOfTwo({
    ...large,
    status: 'expired',
    votes: { U0BEN: { at: '2026-11-02T10:04:00.000Z' } },
    outstanding: 1,
    result: { outcome: 'expired' },
  }),
  'expired, decided too late': approval({
    status: 'expired',
    decision: { ...approved, at: '2026-11-02T10:14:58.000Z' },
    result: { outcome: 'expired' },
  }),
  'expired, asked again': approval({
    status: 'expired',
    result: { outcome: 'expired' },
    resubmitted: { by: 'U0ANA', at: '2026-11-02T10:20:00.000Z' },
  }),
  'failed, perhaps done': approval({
    status: 'approved',
    decision: approved,
    result: { outcome: 'failed', text: 'The execution timed out.', unsure: true },
  }),
  cancelled: approval({
    status: 'cancelled',
    result: {
      outcome: 'cancelled',
      text: 'The execution was stopped: the desk is closed. Nothing more is done.',
    },
  }),
};

/** Returns the approval with this name. */
export function approvalIn(name: string): Approval {
  const found = approvalStates[name];
  if (!found) throw new Error(`There is no approval “${name}”.`);
  return found;
}
