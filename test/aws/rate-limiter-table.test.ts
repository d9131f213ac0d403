// Tests the rate limiter against a real DynamoDB engine: its slots are conditional writes.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RateLimiter, rateLimiterTable } from '../../aws/rate-limiter-table.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';

const START = Date.parse('2026-11-02T10:00:00.000Z');
const LIMIT = { name: 'test', intervalMs: 1_000, burst: 3 };
const at = (ms: number) => new Date(START + ms);
let tables: TestTables;
let limiter: RateLimiter;

beforeEach(async () => {
  tables = await startTables();
  limiter = rateLimiterTable(tables.client, 'Approvals');
});

afterEach(() => tables.close());

/** Milliseconds after the start, at which the next slot is. */
async function reserveAt(ms: number, limit = LIMIT): Promise<number> {
  return (await limiter.reserve(limit, at(ms))).getTime() - START;
}

describe('rate limiter', () => {
  it('gives the slots of the burst at once, and the others an interval apart', async () => {
    const slots: number[] = [];
    for (let each = 0; each < 5; each += 1) slots.push(await reserveAt(0));
    expect(slots).toEqual([0, 0, 0, 1_000, 2_000]);
  });

  it('gives each of two concurrent callers a slot of its own', async () => {
    const single = { ...LIMIT, burst: 1 };
    const slots = await Promise.all([reserveAt(0, single), reserveAt(0, single)]);
    expect(slots.toSorted()).toEqual([0, 1_000]);
  });

  it('gives a free slot at the time of the caller, and the whole burst again after an idle time', async () => {
    await reserveAt(0);
    expect(await reserveAt(500)).toBe(500);
    await reserveAt(500);
    expect(await reserveAt(3_000)).toBe(3_000);
    expect(await reserveAt(3_000)).toBe(3_000);
    expect(await reserveAt(3_000)).toBe(3_000);
    expect(await reserveAt(3_000)).toBe(4_000);
  });

  it('counts each limit separately', async () => {
    const single = { ...LIMIT, burst: 1 };
    await reserveAt(0, single);
    expect(await reserveAt(0, { ...single, name: 'other' })).toBe(0);
  });

  it('reserves a slot only if one is free now, and else takes none', async () => {
    const tryAt = (ms: number) => limiter.tryReserve(LIMIT, at(ms));
    const tried: boolean[] = [];
    for (let each = 0; each < 5; each += 1) tried.push(await tryAt(0));
    expect(tried).toEqual([true, true, true, false, false]);
    expect(await tryAt(999)).toBe(false);
    expect(await tryAt(1_000)).toBe(true);
    expect(await reserveAt(1_000)).toBe(2_000);
  });

  it('gives no slot before the end of a pause, and no burst right after it', async () => {
    await limiter.pauseUntil(LIMIT, at(10_000));
    expect(await limiter.tryReserve(LIMIT, at(9_999))).toBe(false);
    expect([await reserveAt(0), await reserveAt(0)]).toEqual([10_000, 11_000]);
  });

  it('does not shorten a longer pause', async () => {
    await limiter.pauseUntil(LIMIT, at(10_000));
    await limiter.pauseUntil(LIMIT, at(5_000));
    expect(await reserveAt(0)).toBe(10_000);
  });

  it('lengthens a pause', async () => {
    await limiter.pauseUntil(LIMIT, at(5_000));
    await limiter.pauseUntil(LIMIT, at(10_000));
    expect(await reserveAt(0)).toBe(10_000);
  });
});
