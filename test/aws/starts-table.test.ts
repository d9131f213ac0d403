// Tests the records of for whom the bot starts an execution, against a real DynamoDB engine: they decide who is a
// requester.
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StartsTable } from '../../aws/starts-table.ts';
import { digest } from '../../domain/digest.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';

let tables: TestTables;
let starts: StartsTable;

beforeAll(async () => {
  tables = await startTables();
  ({ starts } = tables);
});

afterAll(() => tables.close());

const AT = '2026-11-02T10:00:00.500Z';
const arn = (execution: string) => `arn:aws:states:us-east-1:000000000000:execution:trading:${execution}`;
const after = (ms: number) => new Date(Date.parse(AT) + ms).toISOString();

/** The stored item, or an empty object. */
async function item(execution: string, id: string): Promise<Readonly<Record<string, unknown>>> {
  const read = new GetItemCommand({ TableName: 'Approvals', Key: marshall({ execution, id }) });
  return unmarshall((await tables.client.send(read)).Item ?? {});
}

const secondsAfter = (time: string, seconds: number) => Math.floor(Date.parse(time) / 1_000) + seconds;

/** The input with which the bot starts an execution. */
const INPUT = { symbol: 'AMZN', requestedBy: 'U0ANA' };
const described = (startedAt: string | undefined) => ({ startedAt, input: INPUT });

describe('starts table', () => {
  it('returns everything that it stored about a start', async () => {
    const previousAnswer = { outcome: 'declined', by: 'U0BEN', at: AT, reason: undefined } as const;
    const start = {
      requester: 'U0ANA',
      requesters: ['U0ANA', 'U0DANA'],
      noteBy: 'U0EVE',
      previousAnswer,
      at: AT,
    };
    expect(await starts.record(arn('all'), start, INPUT)).toBe('U0ANA');
    const found = await starts.get(arn('all'), described(AT));
    expect(found).toEqual({ ...start, requesters: expect.any(Array) });
    expect(found?.requesters.toSorted()).toEqual(['U0ANA', 'U0DANA']);
  });

  it('returns the requester as the author of the note, and no previous answer, unless it is given', async () => {
    await starts.record(arn('plain'), { requester: 'U0ANA', requesters: ['U0ANA'], at: AT }, INPUT);
    expect(await starts.get(arn('plain'), described(AT))).toEqual({
      requester: 'U0ANA',
      requesters: ['U0ANA'],
      noteBy: 'U0ANA',
      previousAnswer: undefined,
      at: AT,
    });
  });

  it('keeps the first requester, author and answer of a repeated start, and adds the other requesters', async () => {
    const previousAnswer = { outcome: 'declined', by: 'U0BEN', at: AT } as const;
    await starts.record(arn('repeated'), { requester: 'U0ANA', requesters: ['U0ANA'], at: AT }, INPUT);
    const repeated = {
      requester: 'U0EVE',
      requesters: ['U0EVE'],
      noteBy: 'U0EVE',
      previousAnswer,
      at: after(1),
    };
    expect(await starts.record(arn('repeated'), repeated, INPUT)).toBe('U0ANA');
    const found = await starts.get(arn('repeated'), described(AT));
    expect(found).toMatchObject({ requester: 'U0ANA', noteBy: 'U0ANA', at: after(1) });
    expect(found?.previousAnswer).toBeUndefined();
    expect(found?.requesters.toSorted()).toEqual(['U0ANA', 'U0EVE']);
  });

  it('returns nothing for an execution that the bot did not start, or whose start is unknown', async () => {
    await starts.record(arn('known'), { requester: 'U0ANA', requesters: ['U0ANA'], at: AT }, INPUT);
    expect(await starts.get(arn('known').replace('trading', 'other'), described(AT))).toBeUndefined();
    expect(await starts.get(arn('unknown'), described(AT))).toBeUndefined();
    expect(await starts.get(arn('known'), described(undefined))).toBeUndefined();
  });

  it('returns nothing for an execution that somebody else started under this name', async () => {
    await starts.record(arn('taken'), { requester: 'U0ANA', requesters: ['U0ANA'], at: AT }, INPUT);
    const other = { startedAt: AT, input: { ...INPUT, symbol: 'TSLA' } };
    expect(await starts.get(arn('taken'), other)).toBeUndefined();
    await starts.record(arn('taken'), { requester: 'U0EVE', requesters: ['U0EVE'], at: AT }, other.input);
    expect(await starts.get(arn('taken'), other)).toBeUndefined();
    const sameInOtherOrder = { startedAt: AT, input: { requestedBy: 'U0ANA', symbol: 'AMZN' } };
    expect(await starts.get(arn('taken'), sameInOtherOrder)).toMatchObject({ requester: 'U0ANA' });
  });

  it.each([10 * 60_000, -10 * 60_000])(
    'returns the record of an execution that started up to ten minutes before or after it: %d ms',
    async (ms) => {
      const name = `delayed${ms}`;
      await starts.record(arn(name), { requester: 'U0ANA', requesters: ['U0ANA'], at: AT }, INPUT);
      expect(await starts.get(arn(name), described(after(ms)))).toMatchObject({ requester: 'U0ANA' });
      expect(await starts.get(arn(name), described(after(ms + Math.sign(ms))))).toBeUndefined();
    },
  );

  it('keeps a record for 400 days, because an execution may run for a year', async () => {
    await starts.record(arn('kept'), { requester: 'U0ANA', requesters: ['U0ANA'], at: AT }, INPUT);
    const { expiresAt } = await item('kept', `start-${digest(arn('kept'))}`);
    expect(expiresAt).toBe(secondsAfter(AT, 400 * 24 * 60 * 60));
  });

  it('counts the starts of each person in each hour, up to the maximum, and keeps the count for two hours', async () => {
    const count = (person: string, time: string) => starts.count(person, 2, new Date(time));
    expect(await count('U0ANA', AT)).toBe(true);
    expect(await count('U0ANA', '2026-11-02T10:59:59.999Z')).toBe(true);
    expect(await count('U0ANA', '2026-11-02T10:59:59.999Z')).toBe(false);
    expect(await count('U0BEN', '2026-11-02T10:59:59.999Z')).toBe(true);
    expect(await count('U0ANA', '2026-11-02T11:00:00.500Z')).toBe(true);
    expect(await item(':starts', 'U0ANA 2026-11-02T10')).toMatchObject({ started: 2 });
    expect(await item(':starts', 'U0ANA 2026-11-02T11')).toMatchObject({
      started: 1,
      expiresAt: secondsAfter('2026-11-02T11:00:00.500Z', 2 * 60 * 60),
    });
  });
});
