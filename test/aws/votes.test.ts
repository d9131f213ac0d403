// Tests which votes the approvals table accepts. The rules are conditional writes, tested against a real DynamoDB engine.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Approvals } from '../../aws/approvals-table.ts';
import type { Approval } from '../../domain/approval.ts';
import { approval, approvalOfTwo } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';

const AT = '2026-11-02T10:05:00.000Z';
const LATER = '2026-11-02T10:06:00.000Z';
let tables: TestTables;
let approvals: Approvals;
let count = 0;

beforeAll(async () => {
  tables = await startTables();
  ({ approvals } = tables);
});

afterAll(() => tables.close());

async function stored(made: Approval): Promise<Approval> {
  const own = { ...made, execution: `run-${(count += 1)}` };
  await approvals.create(own, `token-${own.execution}`);
  return own;
}

const here = (...members: readonly string[]) => ({ members, standsFor: {} });
const one = (differences: Partial<Approval> = {}) => stored(approval(differences));
const two = (differences: Partial<Approval> = {}) => stored(approvalOfTwo(differences));

describe('votes', () => {
  it('decides with the only required approval and returns the task token', async () => {
    const made = await one();
    const step = { by: 'U0BEN', at: AT };
    expect(await approvals.approve(made, 'U0BEN', AT)).toEqual({
      approval: {
        ...made,
        status: 'approved',
        decision: { outcome: 'approved', ...step },
        votes: { U0BEN: { at: AT } },
        outstanding: 0,
        trail: [{ did: 'approved', ...step }],
        revision: 2,
      },
      taskToken: `token-${made.execution}`,
    });
    expect(await approvals.decline(made, { by: 'U0CHLOE', at: AT })).toBeUndefined();
    expect(await approvals.approve(made, 'U0CHLOE', AT)).toBeUndefined();
  });

  it('decides with the second of two approvals and counts each approver once', async () => {
    const made = await two();
    const first = await approvals.approve(made, 'U0BEN', AT);
    expect(first?.approval).toMatchObject({
      status: 'pending',
      outstanding: 1,
      votes: { U0BEN: { at: AT } },
    });
    expect(first?.approval).not.toHaveProperty('decision');
    expect(await approvals.approve(made, 'U0BEN', LATER)).toBeUndefined();
    const second = await approvals.approve(made, 'U0DANA', LATER);
    expect(second?.approval).toMatchObject({
      status: 'approved',
      outstanding: 0,
      decision: { by: 'U0DANA' },
      votes: { U0BEN: { at: AT }, U0DANA: { at: LATER } },
    });
  });

  it('counts two of three concurrent approvals and decides exactly once', async () => {
    for (let round = 0; round < 20; round += 1) {
      const made = await two();
      const pressed = await Promise.all(
        ['U0BEN', 'U0CHLOE', 'U0DANA'].map((who) => approvals.approve(made, who, AT)),
      );
      const deciding = pressed.filter((each) => each?.approval.decision);
      expect(deciding).toHaveLength(1);
      const now = await approvals.get(made);
      expect(Object.keys(now?.votes ?? {})).toHaveLength(2);
      expect(now).toMatchObject({ status: 'approved', outstanding: 0 });
    }
  });

  it.each<[string, Partial<Approval>, string]>([
    ['from a person the policy does not name', {}, 'U0EVE'],
    ['from the requester, even if they are an approver', { members: ['U0ANA', 'U0BEN'] }, 'U0ANA'],
    ['if the approvers were resolved 15 minutes ago', { membersAt: '2026-11-02T09:50:00.000Z' }, 'U0BEN'],
    ['five seconds before the deadline', { deadline: '2026-11-02T10:05:05.000Z' }, 'U0BEN'],
    ['of an expired request', { status: 'expired' }, 'U0BEN'],
  ])('rejects an approval %s', async (_, differences, who) => {
    for (const made of [await one(differences), await two({ ...differences })]) {
      expect(await approvals.approve(made, who, AT)).toBeUndefined();
      expect(await approvals.get(made)).toEqual(made);
    }
  });

  it('accepts an approval one millisecond before these limits', async () => {
    const members = { membersAt: '2026-11-02T09:50:00.001Z' };
    expect(await approvals.approve(await one(members), 'U0BEN', AT)).toBeDefined();
    const deadline = { deadline: '2026-11-02T10:05:05.001Z' };
    expect(await approvals.approve(await one(deadline), 'U0BEN', AT)).toBeDefined();
  });

  it('lets an approver decline and the requester withdraw, but nobody else', async () => {
    const declined = await approvals.decline(await two(), { by: 'U0DANA', at: AT, reason: 'No' });
    expect(declined?.approval).toMatchObject({
      status: 'declined',
      decision: { outcome: 'declined', by: 'U0DANA', reason: 'No' },
      trail: [{ did: 'declined', by: 'U0DANA', at: AT, reason: 'No' }],
    });
    expect((await approvals.decline(await one(), { by: 'U0ANA', at: AT }))?.approval.status).toBe('declined');
    expect(await approvals.decline(await one(), { by: 'U0EVE', at: AT })).toBeUndefined();
  });

  it('undoes an approval once, while the request is pending', async () => {
    const made = await two();
    await approvals.approve(made, 'U0BEN', AT);
    const taken = await approvals.takeBack(made, 'U0BEN', LATER);
    expect(taken).toMatchObject({ outstanding: 2, votes: {}, revision: 3 });
    expect(taken?.trail.map(({ did }) => did)).toEqual(['approved', 'took back']);
    expect(await approvals.takeBack(made, 'U0BEN', LATER)).toBeUndefined();
    expect(await approvals.takeBack(made, 'U0CHLOE', LATER)).toBeUndefined();
    await approvals.approve(made, 'U0BEN', LATER);
    await approvals.approve(made, 'U0CHLOE', LATER);
    expect(await approvals.takeBack(made, 'U0BEN', LATER)).toBeUndefined();
  });

  it('stores the current approvers, removes votes of former approvers, and ignores outdated reads', async () => {
    const made = await two();
    const voted = (await approvals.approve(made, 'U0BEN', AT))?.approval ?? made;
    expect(await approvals.recordMembers(made, here('U0BEN'), LATER)).toBeUndefined();
    const after = await approvals.recordMembers(voted, here('U0CHLOE', 'U0DANA'), LATER);
    expect(after).toMatchObject({ votes: {}, outstanding: 2, membersAt: LATER, revision: 3 });
    const same = await approvals.recordMembers(after ?? made, here('U0CHLOE', 'U0DANA'), LATER);
    expect(same?.revision).toBe(3);
    expect(await approvals.approve(made, 'U0BEN', LATER)).toBeUndefined();
  });

  it('changes nothing for an unknown approval and does not create it', async () => {
    const unknown = { execution: 'nowhere', id: 'approval-0' };
    expect(await approvals.approve(unknown, 'U0BEN', AT)).toBeUndefined();
    expect(await approvals.decline(unknown, { by: 'U0BEN', at: AT })).toBeUndefined();
    expect(await approvals.takeBack(unknown, 'U0BEN', AT)).toBeUndefined();
    await approvals.recordPosted(unknown, '1.0', 0);
    await approvals.recordShown(unknown, 0);
    expect(await approvals.get(unknown)).toBeUndefined();
  });
});
