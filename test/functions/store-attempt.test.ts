// Tests the approval of a waiting state that was retried: its attempts share one approval, whatever the order in which
// their messages arrive, and the decision reaches the execution with the token of the last attempt.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { approvalId } from '../../aws/approvals-table.ts';
import { digest } from '../../domain/digest.ts';
import { findStored, findWait, storeAttempt } from '../../functions/store-attempt.ts';
import { newPress } from '../support/action-request.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';

const NOW = '2026-11-02T10:00:10.000Z';
const AGAIN = '2026-11-02T10:15:10.000Z';
let tables: TestTables;
let resumed: (readonly [string, object])[];
let searched: (readonly unknown[])[];
let execution: string;
let count = 0;

beforeAll(async () => {
  tables = await startTables();
});

beforeEach(() => {
  [resumed, searched] = [[], []];
  execution = `retried-${(count += 1)}`;
});

afterAll(() => tables.close());

const id = () => approvalId(digest(`${execution}-0`));
const draft = (attempt: number) => approval({ execution, id: id(), attempt });
const message = (attempt: number) => ({
  Input: {},
  TimeoutSeconds: 900,
  TaskToken: `${execution}-${attempt}`,
  ExecutionId: `arn:aws:states:us-east-1:000000000000:execution:trading:${execution}`,
  EnteredTime: NOW,
  RetryCount: attempt,
});
const dependencies = () => ({
  approvals: tables.approvals,
  firstAttempt: async (...attempt: readonly [string, unknown]) => {
    searched.push(attempt);
    if (attempt[1] === 'unknown') return undefined;
    if (attempt[1] === 'superseded') return 'superseded' as const;
    return { taskToken: `${execution}-0`, waitsAgainSince: AGAIN };
  },
  executions: {
    resume: async (token: string, output: object) => {
      resumed.push([token, output]);
      return 'resumed' as const;
    },
  },
  now: () => new Date(NOW),
  log: () => {},
});
const store = (attempt: number) => storeAttempt(draft(attempt), message(attempt), dependencies());
const approve = () => tables.approvals.approve({ execution, id: id() }, 'U0BEN', NOW, newPress());

describe('storeAttempt', () => {
  it.each([
    ['in order', [0, 1, 2]],
    ['in any order', [2, 0, 1]],
    ['each twice', [0, 2, 0, 1, 2, 1]],
  ])('keeps the token of the last attempt if the messages arrive %s', async (_, attempts) => {
    for (const attempt of attempts) expect(await store(attempt)).toMatchObject({ id: id() });
    expect(await approve()).toMatchObject({ changed: true, taskToken: `${execution}-2` });
    expect(resumed).toEqual([]);
  });

  it('sends a decision that was made before with the token of the later attempt', async () => {
    await store(0);
    expect(await approve()).toMatchObject({ changed: true, taskToken: `${execution}-0` });
    await store(1);
    expect(resumed).toEqual([
      [`${execution}-1`, expect.objectContaining({ outcome: 'approved', by: 'U0BEN' })],
    ]);
    expect(await tables.approvals.get({ execution, id: id() })).toMatchObject({ attempt: 1, sentAt: NOW });
  });

  it('sends the decision again if the message of the last attempt is delivered again, and for no other', async () => {
    await store(1);
    await approve();
    await store(0);
    expect(resumed).toEqual([]);
    await store(1);
    expect(resumed.map(([token]) => token)).toEqual([`${execution}-1`]);
  });

  it('sends nothing for a state that was not retried', async () => {
    await store(0);
    await approve();
    await store(0);
    expect(resumed).toEqual([]);
  });
});

describe('findStored', () => {
  it('finds the approval of a state that was not retried, once it is stored', async () => {
    expect(await findStored(message(0), dependencies())).toBeUndefined();
    await store(0);
    expect(await findStored(message(0), dependencies())).toMatchObject({ execution, id: id() });
    expect(await findStored({ ...message(0), RetryCount: 1 }, dependencies())).toBeUndefined();
  });
});

describe('findWait', () => {
  it('returns the approval of the first attempt that the history contains', async () => {
    expect(await findWait(message(1), 'body', dependencies())).toEqual({ id: id(), waitsAgainSince: AGAIN });
    expect(searched).toEqual([[message(1).ExecutionId, 'body']]);
  });

  it.each([
    ['that is not in the history', 'unknown', undefined],
    ['from before a redrive of the execution', 'superseded', 'superseded'],
  ])('returns no approval for a message %s', async (_, body, expected) => {
    expect(await findWait(message(1), body, dependencies())).toBe(expected);
  });
});
