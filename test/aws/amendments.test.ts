// Tests the write of an amendment against a real DynamoDB engine: concurrent votes, decisions and amendments.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { amendments } from '../../aws/amendments.ts';
import { approvalItems } from '../../aws/approval-items.ts';
import type { Approvals } from '../../aws/approvals-table.ts';
import type { Approval } from '../../domain/approval.ts';
import { newPress } from '../support/action-request.ts';
import { change, TERMS } from '../support/amendments.ts';
import { approval, approvalOfTwo } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';

const AT = '2026-11-02T10:05:00.000Z';
const NOW = new Date(AT);
const { first, second, third } = TERMS;
const press = (terms = first) => ({ ...newPress(), termsDigest: terms.digest });
let tables: TestTables;
let approvals: Approvals;
let count = 0;

beforeAll(async () => {
  tables = await startTables();
  ({ approvals } = tables);
});
afterAll(() => tables.close());

async function stored(made: Approval = approvalOfTwo()): Promise<Approval> {
  const own = { ...made, terms: first, execution: `run-${(count += 1)}` };
  await approvals.create(own, `token-${own.execution}`);
  return own;
}

const amend = (made: Approval, expected = first, terms = second) =>
  approvals.amend(made, expected.digest, change(made, 1_000, terms), NOW);

describe('amend', () => {
  it('replaces the request and its terms, and removes the votes, so that nobody decides on earlier terms', async () => {
    const made = await stored();
    await approvals.approve(made, 'U0BEN', AT, press());
    const { outcome, approval: after } = await amend(made);
    expect(outcome).toBe('amended');
    expect(after).toMatchObject({
      status: 'pending',
      terms: second,
      votes: {},
      outstanding: 2,
      request: { title: 'Buy 9 AMZN', amount: 1_000 },
      history: [
        { action: 'approved', by: 'U0BEN' },
        { action: 'amended', at: AT },
      ],
      amendments: [{ at: AT, voters: ['U0BEN'] }],
      revision: 3,
      noteBy: 'U0ANA',
    });
    expect(after).toEqual(await approvals.get(made));
    expect(await approvals.approve(made, 'U0BEN', AT, press())).toMatchObject({ refusal: 'terms_changed' });
    expect(await approvals.approve(made, 'U0BEN', AT, newPress())).toMatchObject({
      refusal: 'terms_changed',
    });
    expect(await approvals.approve(made, 'U0BEN', AT, press(second))).toMatchObject({ changed: true });
    expect(await approvals.approve(made, 'U0DANA', AT, press(second))).toMatchObject({
      approval: { status: 'approved', terms: second },
    });
  });

  it('changes nothing if it is repeated, or arrives after a later one', async () => {
    const made = await stored();
    await amend(made);
    expect(await amend(made)).toMatchObject({ outcome: 'already', approval: { revision: 2 } });
    await amend(made, second, third);
    expect(await amend(made)).toMatchObject({ outcome: 'terms_changed' });
    expect(await amend(made, third, second)).toMatchObject({ outcome: 'terms_changed' });
    expect(await approvals.get(made)).toMatchObject({ terms: third, amendments: [{}, {}] });
  });

  it('wins or loses against a decision, and never changes what is decided', async () => {
    for (let round = 0; round < 20; round += 1) {
      const made = await stored(approval());
      const [vote, { outcome }] = await Promise.all([
        approvals.approve(made, 'U0BEN', AT, press()),
        amend(made),
      ]);
      expect([vote.changed, outcome]).toEqual(vote.changed ? [true, 'decided'] : [false, 'amended']);
      const now = await approvals.get(made);
      expect(now).toMatchObject(vote.changed ? { decision: {}, terms: first } : { votes: {}, terms: second });
    }
  });

  it('counts no vote that was written while it read, and tells its voter', async () => {
    for (let round = 0; round < 20; round += 1) {
      const made = await stored();
      const [vote] = await Promise.all([approvals.approve(made, 'U0BEN', AT, press()), amend(made)]);
      const now = await approvals.get(made);
      expect(now).toMatchObject({ votes: {}, outstanding: 2 });
      expect(now?.amendments?.[0]?.voters).toEqual(vote.changed ? ['U0BEN'] : []);
    }
  });

  it('lets one of two concurrent amendments win', async () => {
    const made = await stored();
    const results = await Promise.all([amend(made), amend(made, first, third)]);
    expect(results.map(({ outcome }) => outcome).toSorted()).toEqual(['amended', 'terms_changed']);
    expect((await approvals.get(made))?.amendments).toHaveLength(1);
  });

  it('gives up after three tries that others were faster than', async () => {
    const made = await stored();
    const stale = staleReads(made);
    expect(await stale.amend(made, first.digest, change(made), NOW)).toMatchObject({ outcome: 'conflict' });
    expect(await approvals.get(made)).toEqual(made);
  });

  it('does not create an approval', async () => {
    const unknown = { ...approval(), execution: 'nowhere' };
    expect(await amend(unknown)).toEqual({ outcome: 'unknown', approval: undefined });
    expect(await approvals.get(unknown)).toBeUndefined();
  });

  it('leases the reply to the voters once', async () => {
    const made = await stored();
    expect(await approvals.leaseVoterNotice(made, 1, NOW)).toBe('acquired');
    expect(await approvals.leaseVoterNotice(made, 1, NOW)).toBe('held');
    await approvals.releaseVoterNotice(made);
    expect(await approvals.leaseVoterNotice(made, 1, NOW)).toBe('acquired');
    expect(await approvals.leaseVoterNotice(made, 1, new Date(NOW.getTime() + 55_001))).toBe('taken_over');
    await approvals.recordVotersNotified(made, 1);
    expect(await approvals.leaseVoterNotice(made, 1, NOW)).toBe('done');
    expect(await approvals.leaseVoterNotice(made, 2, NOW)).toBe('acquired');
    await approvals.decline(made, { by: 'U0BEN', at: AT }, press());
    expect(await approvals.leaseVoterNotice(made, 2, NOW)).toBe('done');
  });
});

/** A table whose item always has a later revision than the one that was read. */
function staleReads(made: Approval) {
  const items = approvalItems(tables.client, 'Approvals');
  const current = { approval: { ...made, revision: 0 }, taskToken: 'token' };
  return amendments({
    ...items,
    read: async () => current,
    update: async (...write) => {
      const written = await items.update(...write);
      return written.written ? written : { written: false, current };
    },
  });
}
