// Tests how delegations change the approvers, as a table of cases. No delegation may bypass the policy.
import { describe, expect, it } from 'vitest';
import { type OutOfOffice, isOut, applyDelegations, delegatesToCheck } from '../../domain/out-of-office.ts';
import type { Approval } from '../../domain/approval.ts';
import { approval } from '../support/approvals.ts';

const named = ['U0BEN', 'U0CHLOE'];
const vote = { at: '2026-11-02T10:04:00.000Z' };

describe('out of office', () => {
  it.each<
    [string, readonly OutOfOffice[], Partial<Approval>, readonly string[], Readonly<Record<string, string>>]
  >([
    ['nobody is out of office', [], {}, ['U0BEN', 'U0CHLOE'], {}],
    ['an approver who is out of office is removed', [{ person: 'U0BEN' }], {}, ['U0CHLOE'], {}],
    [
      'a delegate replaces an approver',
      [{ person: 'U0BEN', delegate: 'U0DANA' }],
      {},
      ['U0CHLOE', 'U0DANA'],
      { U0DANA: 'U0BEN' },
    ],
    [
      'a delegate who is an approver already counts once',
      [{ person: 'U0BEN', delegate: 'U0CHLOE' }],
      {},
      ['U0CHLOE'],
      {},
    ],
    ['the requester is not a delegate', [{ person: 'U0BEN', delegate: 'U0ANA' }], {}, ['U0CHLOE'], {}],
    [
      'the requester has no delegate',
      [{ person: 'U0BEN', delegate: 'U0DANA' }],
      { requesters: ['U0BEN'] },
      ['U0CHLOE'],
      {},
    ],
    [
      'a delegate who is out of office does not count',
      [{ person: 'U0BEN', delegate: 'U0DANA' }, { person: 'U0DANA' }],
      {},
      ['U0CHLOE'],
      {},
    ],
    [
      'a person is a delegate of one approver only',
      [
        { person: 'U0BEN', delegate: 'U0DANA' },
        { person: 'U0CHLOE', delegate: 'U0DANA' },
      ],
      {},
      ['U0DANA'],
      { U0DANA: 'U0BEN' },
    ],
    [
      'an approver who voted stays, even if out of office now',
      [{ person: 'U0BEN', delegate: 'U0DANA' }],
      { votes: { U0BEN: vote } },
      ['U0BEN', 'U0CHLOE'],
      {},
    ],
    [
      'a delegate who voted stays, even if the approver is back',
      [],
      { votes: { U0DANA: vote }, delegateFor: { U0DANA: 'U0BEN' } },
      ['U0CHLOE', 'U0DANA'],
      { U0DANA: 'U0BEN' },
    ],
    [
      'the vote of a delegate of a former approver does not count',
      [],
      { votes: { U0DANA: vote }, delegateFor: { U0DANA: 'U0GONE' } },
      ['U0BEN', 'U0CHLOE'],
      {},
    ],
  ])('applies this rule: %s', (_, outOfOffice, differences, effectiveApprovers, delegateFor) => {
    const checked = delegatesToCheck(named, outOfOffice, approval(differences));
    expect(applyDelegations(named, outOfOffice, approval(differences), checked)).toMatchObject({
      effectiveApprovers,
      delegateFor,
    });
  });

  it('gives no rights to a delegate who failed the check, and removes the vote of one who fails it later', () => {
    const away = [{ person: 'U0BEN', delegate: 'U0DANA' }];
    const none = { effectiveApprovers: ['U0CHLOE'], delegateFor: {}, away: ['U0BEN'] };
    expect(applyDelegations(named, away, approval(), [])).toEqual(none);
    const voted = approval({ votes: { U0DANA: vote }, delegateFor: { U0DANA: 'U0BEN' } });
    expect(applyDelegations(named, away, voted, [])).toEqual(none);
  });

  it('checks the delegates of named approvers and those who voted, each once', () => {
    const away = [
      { person: 'U0BEN', delegate: 'U0DANA' },
      { person: 'U0CHLOE', delegate: 'U0DANA' },
      { person: 'U0GONE', delegate: 'U0EVE' },
    ];
    const voted = approval({ votes: { U0FAY: vote }, delegateFor: { U0FAY: 'U0BEN', U0GUS: 'U0BEN' } });
    expect(delegatesToCheck(named, away, voted)).toEqual(['U0DANA', 'U0FAY']);
  });

  it('checks no delegate for an approver who named none, and replaces that approver by nobody', () => {
    expect(delegatesToCheck(named, [{ person: 'U0BEN' }], approval())).toStrictEqual([]);
    expect(applyDelegations(named, [{ person: 'U0BEN' }], approval(), ['undefined'])).toEqual({
      effectiveApprovers: ['U0CHLOE'],
      delegateFor: {},
      away: ['U0BEN'],
    });
  });

  it('counts a delegate once who voted and has become an approver', () => {
    const voted = approval({ votes: { U0CHLOE: vote }, delegateFor: { U0CHLOE: 'U0BEN' } });
    expect(applyDelegations(named, [{ person: 'U0BEN' }], voted, ['U0CHLOE'])).toEqual({
      effectiveApprovers: ['U0CHLOE'],
      delegateFor: {},
      away: ['U0BEN'],
    });
  });

  it('counts an approver as away who is out, or whose delegate voted, and nobody else', () => {
    const away = (outOfOffice: readonly OutOfOffice[], differences: Partial<Approval> = {}) =>
      applyDelegations(named, outOfOffice, approval(differences), ['U0DANA']).away;
    expect(away([])).toEqual([]);
    expect(away([{ person: 'U0BEN' }, { person: 'U0EVE' }])).toEqual(['U0BEN']);
    expect(away([{ person: 'U0BEN', delegate: 'U0DANA' }])).toEqual(['U0BEN']);
    expect(away([{ person: 'U0BEN' }], { votes: { U0BEN: vote } })).toEqual([]);
    const delegated = { votes: { U0DANA: vote }, delegateFor: { U0DANA: 'U0BEN' } };
    expect(away([], delegated)).toEqual(['U0BEN']);
  });

  it.each([
    [undefined, '2026-11-30T23:59:59.000Z', '2026-12-01T00:00:00.000Z'],
    ['America/New_York', '2026-12-01T04:59:59.000Z', '2026-12-01T05:00:00.000Z'],
    ['Australia/Sydney', '2026-11-30T12:59:59.000Z', '2026-11-30T13:00:00.000Z'],
  ])('lasts until the end of the last day in the time zone %s', (timeZone, last, next) => {
    const preferences = { directMessages: true, outUntil: '2026-11-30', timeZone };
    expect(isOut(preferences, new Date(last))).toBe(true);
    expect(isOut(preferences, new Date(next))).toBe(false);
  });

  it.each([
    ['starts', '2026-03-08', '2026-03-09T03:59:59.000Z', '2026-03-09T04:00:00.000Z'],
    ['ends', '2026-11-01', '2026-11-02T04:59:59.000Z', '2026-11-02T05:00:00.000Z'],
  ])('lasts until midnight on the day on which summer time %s in New York', (_, outUntil, last, next) => {
    const preferences = { directMessages: true, outUntil, timeZone: 'America/New_York' };
    expect(isOut(preferences, new Date(last))).toBe(true);
    expect(isOut(preferences, new Date(next))).toBe(false);
  });

  it('does not begin without a last day', () => {
    expect(isOut({ directMessages: true }, new Date())).toBe(false);
  });
});
