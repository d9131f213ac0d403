// An approval as the tests need one: complete, and different in what a test says.
import type { Approval } from '../domain/approval.ts';

export function approval(differences: Partial<Approval> = {}): Approval {
  return {
    execution: 'AMZN-3f9c',
    id: 'approval-00c0ffee00c0ffee',
    status: 'pending',
    request: {
      title: 'Buy 10 AMZN',
      facts: [
        { label: 'Quantity', value: '10 shares' },
        { label: 'Price', value: 'USD 182.20', at: '2026-11-02T10:00:00.000Z' },
        { label: 'Notional', value: 'USD 1,822.00' },
      ],
      reason: 'AMZN is 1.40 % below its average of the last hour, USD 184.79.',
      requester: 'U0ANA',
    },
    channel: 'C0TRADING',
    askedAt: '2026-11-02T10:00:01.000Z',
    deadline: '2026-11-02T10:15:01.000Z',
    revision: 1,
    ...differences,
  };
}
