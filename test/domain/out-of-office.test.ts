// Who stands in for whom, as a table of cases: nobody delegates around the policy.
import { expect, it } from 'vitest';
import { type OutOfOffice, isOut, applyDelegations } from '../../domain/out-of-office.ts';
import type { Approval } from '../../domain/approval.ts';
import { approval } from '../support/approvals.ts';

const named = ['U0BEN', 'U0CHLOE'];
const vote = { at: '2026-11-02T10:04:00.000Z' };

it.each<
  [string, readonly OutOfOffice[], Partial<Approval>, readonly string[], Readonly<Record<string, string>>]
>([
  ['nobody is out', [], {}, ['U0BEN', 'U0CHLOE'], {}],
  ['one is out', [{ person: 'U0BEN' }], {}, ['U0CHLOE'], {}],
  [
    'one stands in',
    [{ person: 'U0BEN', delegate: 'U0DANA' }],
    {},
    ['U0CHLOE', 'U0DANA'],
    { U0DANA: 'U0BEN' },
  ],
  ['who may already is no second voice', [{ person: 'U0BEN', delegate: 'U0CHLOE' }], {}, ['U0CHLOE'], {}],
  ['the requester stands in for nobody', [{ person: 'U0BEN', delegate: 'U0ANA' }], {}, ['U0CHLOE'], {}],
  [
    'nobody stands in for the requester',
    [{ person: 'U0BEN', delegate: 'U0DANA' }],
    { request: { ...approval().request, requester: 'U0BEN' } },
    ['U0CHLOE'],
    {},
  ],
  [
    'who is out stands in for nobody',
    [{ person: 'U0BEN', delegate: 'U0DANA' }, { person: 'U0DANA' }],
    {},
    ['U0CHLOE'],
    {},
  ],
  [
    'one stands in for one',
    [
      { person: 'U0BEN', delegate: 'U0DANA' },
      { person: 'U0CHLOE', delegate: 'U0DANA' },
    ],
    {},
    ['U0DANA'],
    { U0DANA: 'U0BEN' },
  ],
  [
    'who voted stays, though they went',
    [{ person: 'U0BEN', delegate: 'U0DANA' }],
    { votes: { U0BEN: vote } },
    ['U0BEN', 'U0CHLOE'],
    {},
  ],
  [
    'who voted in the place of another keeps it, though they are back',
    [],
    { votes: { U0DANA: vote }, delegateFor: { U0DANA: 'U0BEN' } },
    ['U0CHLOE', 'U0DANA'],
    { U0DANA: 'U0BEN' },
  ],
  [
    'who voted in the place of another who is none any more does not count',
    [],
    { votes: { U0DANA: vote }, delegateFor: { U0DANA: 'U0GONE' } },
    ['U0BEN', 'U0CHLOE'],
    {},
  ],
])('%s', (_, outOfOffice, differences, effectiveApprovers, delegateFor) => {
  expect(applyDelegations(named, outOfOffice, approval(differences))).toEqual({
    effectiveApprovers,
    delegateFor,
  });
});

it('is out until the end of the day', () => {
  const preferences = { directMessages: true, outUntil: '2026-11-30' };
  expect(isOut(preferences, new Date('2026-11-30T23:59:59.000Z'))).toBe(true);
  expect(isOut(preferences, new Date('2026-12-01T00:00:00.000Z'))).toBe(false);
  expect(isOut({ directMessages: true }, new Date())).toBe(false);
});
