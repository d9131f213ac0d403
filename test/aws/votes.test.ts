// Who may do what, held by conditional writes: each rule against a real table.
import { afterAll, beforeAll, expect, it } from 'vitest';
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

const here = (...effectiveApprovers: readonly string[]) => ({ effectiveApprovers, delegateFor: {} });
const one = (differences: Partial<Approval> = {}) => stored(approval(differences));
const two = (differences: Partial<Approval> = {}) => stored(approvalOfTwo(differences));

it('decides by the only approval that is wanted, and gives the right to resume with it', async () => {
  const made = await one();
  const step = { by: 'U0BEN', at: AT };
  expect(await approvals.approve(made, 'U0BEN', AT)).toEqual({
    approval: {
      ...made,
      status: 'approved',
      decision: { outcome: 'approved', ...step },
      votes: { U0BEN: { at: AT } },
      outstanding: 0,
      history: [{ action: 'approved', ...step }],
      revision: 2,
    },
    taskToken: `token-${made.execution}`,
  });
  expect(await approvals.decline(made, { by: 'U0CHLOE', at: AT })).toBeUndefined();
  expect(await approvals.approve(made, 'U0CHLOE', AT)).toBeUndefined();
});

it('decides by the second of two, each counted once', async () => {
  const made = await two();
  const first = await approvals.approve(made, 'U0BEN', AT);
  expect(first?.approval).toMatchObject({ status: 'pending', outstanding: 1, votes: { U0BEN: { at: AT } } });
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

it('counts both of two who press at the same moment, and decides exactly once', async () => {
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
  ['somebody the policy does not name', {}, 'U0EVE'],
  ['the requester, though they are an approver', { effectiveApprovers: ['U0ANA', 'U0BEN'] }, 'U0ANA'],
  ['members looked at 15 minutes ago', { approversResolvedAt: '2026-11-02T09:50:00.000Z' }, 'U0BEN'],
  ['five seconds before the deadline', { deadline: '2026-11-02T10:05:05.000Z' }, 'U0BEN'],
  ['what is over', { status: 'expired' }, 'U0BEN'],
])('counts no approval: %s', async (_, differences, who) => {
  for (const made of [await one(differences), await two({ ...differences })]) {
    expect(await approvals.approve(made, who, AT)).toBeUndefined();
    expect(await approvals.get(made)).toEqual(made);
  }
});

it('counts one a moment before each of these', async () => {
  const effectiveApprovers = { approversResolvedAt: '2026-11-02T09:50:00.001Z' };
  expect(await approvals.approve(await one(effectiveApprovers), 'U0BEN', AT)).toBeDefined();
  const deadline = { deadline: '2026-11-02T10:05:05.001Z' };
  expect(await approvals.approve(await one(deadline), 'U0BEN', AT)).toBeDefined();
});

it('lets an approver decline and the requester withdraw, and nobody else', async () => {
  const declined = await approvals.decline(await two(), { by: 'U0DANA', at: AT, reason: 'No' });
  expect(declined?.approval).toMatchObject({
    status: 'declined',
    decision: { outcome: 'declined', by: 'U0DANA', reason: 'No' },
    history: [{ action: 'declined', by: 'U0DANA', at: AT, reason: 'No' }],
  });
  expect((await approvals.decline(await one(), { by: 'U0ANA', at: AT }))?.approval.status).toBe('declined');
  expect(await approvals.decline(await one(), { by: 'U0EVE', at: AT })).toBeUndefined();
});

it('takes an approval back while nothing is decided, once', async () => {
  const made = await two();
  await approvals.approve(made, 'U0BEN', AT);
  const taken = await approvals.undo(made, 'U0BEN', LATER);
  expect(taken).toMatchObject({ outstanding: 2, votes: {}, revision: 3 });
  expect(taken?.history.map(({ action }) => action)).toEqual(['approved', 'undid_approval']);
  expect(await approvals.undo(made, 'U0BEN', LATER)).toBeUndefined();
  expect(await approvals.undo(made, 'U0CHLOE', LATER)).toBeUndefined();
  await approvals.approve(made, 'U0BEN', LATER);
  await approvals.approve(made, 'U0CHLOE', LATER);
  expect(await approvals.undo(made, 'U0BEN', LATER)).toBeUndefined();
});

it('stores who the members are now, uncounts who is none any more, and leaves alone what has moved', async () => {
  const made = await two();
  const voted = (await approvals.approve(made, 'U0BEN', AT))?.approval ?? made;
  expect(await approvals.recordApprovers(made, here('U0BEN'), LATER)).toBeUndefined();
  const after = await approvals.recordApprovers(voted, here('U0CHLOE', 'U0DANA'), LATER);
  expect(after).toMatchObject({ votes: {}, outstanding: 2, approversResolvedAt: LATER, revision: 3 });
  const same = await approvals.recordApprovers(after ?? made, here('U0CHLOE', 'U0DANA'), LATER);
  expect(same?.revision).toBe(3);
  expect(await approvals.approve(made, 'U0BEN', LATER)).toBeUndefined();
});

it('takes nothing for an approval that is not there, and makes none by it', async () => {
  const unknown = { execution: 'nowhere', id: 'approval-0' };
  expect(await approvals.approve(unknown, 'U0BEN', AT)).toBeUndefined();
  expect(await approvals.decline(unknown, { by: 'U0BEN', at: AT })).toBeUndefined();
  expect(await approvals.undo(unknown, 'U0BEN', AT)).toBeUndefined();
  await approvals.recordPosted(unknown, '1.0', 0);
  await approvals.recordShown(unknown, 0);
  expect(await approvals.get(unknown)).toBeUndefined();
});
