// The table's promises, each against real conditional writes.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Approvals } from '../../aws/approvals-table.ts';
import type { Endings } from '../../aws/endings-table.ts';
import type { Approval } from '../../domain/approval.ts';
import { approval } from '../approvals.ts';
import { startTables, type TestTables } from '../dynamodb.ts';

let tables: TestTables;
let approvals: Approvals;
let endings: Endings;
const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:trading:twice';
let count = 0;

beforeAll(async () => {
  tables = await startTables();
  ({ approvals, endings } = tables);
});

afterAll(() => tables.close());

const AT = '2026-11-02T10:05:00.000Z';

/** A stored approval of an execution of its own. */
async function stored(differences: Partial<Approval> = {}): Promise<Approval> {
  const made = approval({ execution: `run-${(count += 1)}`, ...differences });
  await approvals.create(made, `token-${made.execution}`);
  return made;
}

it('stores an approval once, and shows nobody its token', async () => {
  const made = await stored();
  expect(await approvals.create({ ...made, channel: 'C0OTHER' }, 'another')).toBe(false);
  expect(await approvals.get(made)).toEqual(made);
});

it('knows a decision as unsent until it was sent, or the execution has ended', async () => {
  const made = await stored();
  expect(await approvals.unsent(made)).toBeUndefined();
  await approvals.approve(made, 'U0BEN', AT);
  expect((await approvals.unsent(made))?.taskToken).toBe(`token-${made.execution}`);
  await approvals.recordSent(made, '2026-11-02T10:05:01.000Z');
  expect(await approvals.unsent(made)).toBeUndefined();
});

it('keeps the first place of the message, and says when what is shown is not the newest', async () => {
  const made = await stored();
  await approvals.recordPosted(made, '1.1', 1);
  await approvals.recordPosted(made, '2.2', 1);
  expect(await approvals.get(made)).toMatchObject({ ts: '1.1', shownRevision: 1 });
  await approvals.approve(made, 'U0BEN', AT);
  expect(await approvals.recordShown(made, 1)).toBe(2);
  expect(await approvals.recordShown(made, 2)).toBe(2);
});

it('stores a result once, keeps the decision it overtook, and lets another result follow', async () => {
  const made = await stored();
  await approvals.approve(made, 'U0BEN', AT);
  const decided = (await approvals.get(made)) ?? made;
  await approvals.settle(decided, { outcome: 'expired' });
  await approvals.settle(decided, { outcome: 'expired' });
  expect(await approvals.get(made)).toMatchObject({
    status: 'expired',
    decision: { outcome: 'approved', by: 'U0BEN', at: AT },
    revision: 3,
  });
  await approvals.settle(decided, { outcome: 'failed', text: 'why' });
  expect(await approvals.get(made)).toMatchObject({
    result: { outcome: 'failed', text: 'why' },
    revision: 4,
  });
});

it('lists what waits by its deadline, until it is decided or over', async () => {
  const waiting = async () => (await Array.fromAsync(approvals.waiting())).map(({ execution }) => execution);
  const late = await stored({ execution: 'waits-late', deadline: '2026-11-02T10:30:00.000Z' });
  const soon = await stored({ execution: 'waits-soon', deadline: '2026-11-02T10:10:00.000Z' });
  expect((await waiting()).filter((name) => name.startsWith('waits'))).toEqual(['waits-soon', 'waits-late']);
  await approvals.approve(soon, 'U0BEN', AT);
  await approvals.settle(late, { outcome: 'expired' });
  expect((await waiting()).filter((name) => name.startsWith('waits'))).toEqual([]);
});

it('takes no decision once the execution has ended', async () => {
  const made = await stored();
  await approvals.settle(made, { outcome: 'cancelled' });
  expect(await approvals.approve(made, 'U0BEN', AT)).toBeUndefined();
});

it('lists the pauses of one execution in the order asked, and nothing of another with the same name', async () => {
  const execution = 'twice';
  const other = 'arn:aws:states:us-east-1:000000000000:execution:other:twice';
  await stored({ execution, executionArn, id: 'approval-b', askedAt: '2026-11-02T11:00:00.000Z' });
  await stored({ execution, executionArn, id: 'approval-c', askedAt: '2026-11-02T10:00:00.000Z' });
  await stored({ execution, executionArn: other, id: 'approval-d' });
  await endings.record({ executionArn, outcome: 'failed' }, new Date());
  expect((await approvals.ofExecution(executionArn)).map(({ id }) => id)).toEqual([
    'approval-c',
    'approval-b',
  ]);
});

it('gives the right to post to one at a time, and to another only when the first must be dead', async () => {
  const made = await stored();
  const at = (seconds: number) => new Date(Date.UTC(2026, 10, 2, 10, 0, seconds));
  const claims = await Promise.all([approvals.claimPost(made, at(0)), approvals.claimPost(made, at(0))]);
  expect(claims.toSorted()).toEqual([false, true]);
  expect(await approvals.claimPost(made, at(59))).toBe(false);
  expect(await approvals.claimPost(made, at(61))).toBe(true);
  await approvals.recordPosted(made, '1.1', 1);
  expect(await approvals.claimPost(made, at(500))).toBe(false);
});

it('does not let a late report overwrite what was filled', async () => {
  const made = await stored();
  await approvals.settle(made, { outcome: 'filled', text: 'Bought.' });
  await approvals.settle(made, { outcome: 'failed', text: 'late' });
  expect(await approvals.get(made)).toMatchObject({ result: { outcome: 'filled' } });
});

it('remembers which endings were told, and since when an execution is over', async () => {
  const ending = { executionArn, outcome: 'filled' } as const;
  const at = '2026-11-02T12:00:00.000Z';
  const now = new Date('2026-11-02T12:00:09.000Z');
  expect(await endings.record(ending, now)).toEqual([]);
  expect(await endings.record(ending, now)).toEqual([]);
  await endings.recordTold(ending, 'channel');
  expect(await endings.record(ending, now)).toEqual(['channel']);
  expect(await endings.record({ ...ending, outcome: 'expired' }, now)).toEqual([]);
  const told = 'arn:aws:states:us-east-1:000000000000:execution:trading:over';
  await endings.record({ executionArn: told, outcome: 'failed', at }, now);
  expect(await endings.endedSince(told, '2026-11-02T11:59:59.000Z')).toBe(true);
  expect(await endings.endedSince(told, '2026-11-02T12:00:01.000Z')).toBe(false);
  const redriven = { executionArn: told, outcome: 'failed', at: '2026-11-02T13:00:00.000Z' } as const;
  await endings.recordTold({ ...redriven, at }, 'channel');
  expect(await endings.record({ ...redriven, at }, now)).toEqual(['channel']);
  expect(await endings.record(redriven, now)).toEqual([]);
  expect(await endings.endedSince(`${told}-not`, '2026-11-02T11:00:00.000Z')).toBe(false);
});
