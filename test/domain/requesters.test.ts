// Tests who requested an approval, and who may see it outside its channel.
import { describe, expect, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import { claimedRequester, isInvolved, maySee } from '../../domain/requesters.ts';
import { approval } from '../support/approvals.ts';

const CHANNELS = new Set(['C0TRADING']);
const NONE: ReadonlySet<string> = new Set();
const claimed = approval({ requester: undefined, requesters: ['U0ANA'] });

describe('claimedRequester', () => {
  it('is the person whom only the input names', () => {
    expect(claimedRequester(claimed)).toBe('U0ANA');
  });

  it('is nobody if the bot started the execution for that person, or if the input names nobody', () => {
    expect(claimedRequester(approval())).toBeUndefined();
    const request = { ...approval().request, requester: undefined };
    expect(claimedRequester(approval({ request, requester: undefined }))).toBeUndefined();
  });
});

describe('maySee', () => {
  it.each<[string, Partial<Approval>, string, boolean]>([
    ['the requester', {}, 'U0ANA', true],
    ['a former requester', { requester: 'U0DANA', requesters: ['U0DANA', 'U0SAM'] }, 'U0SAM', true],
    ['a person whom only the input names', claimed, 'U0ANA', false],
    ['an approver', {}, 'U0BEN', true],
    ['a person who acted on it', { history: [{ action: 'approved', by: 'U0FAY', at: '' }] }, 'U0FAY', true],
    ['a stranger', { history: [{ action: 'approved', by: 'U0FAY', at: '' }] }, 'U0EVE', false],
  ])('is right for %s', (_, differences, person, expected) => {
    const seen = approval(differences);
    expect(isInvolved(seen, person)).toBe(expected);
    expect(maySee(seen, person, NONE)).toBe(expected);
    expect(maySee(seen, person, CHANNELS)).toBe(true);
    expect(maySee(approval({ ...differences, channel: 'C0OTHER' }), person, CHANNELS)).toBe(expected);
  });
});
