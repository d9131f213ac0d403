// Tests which slots a call takes whose limit shares another one, and when a message that gave way returns.
import { describe, expect, it } from 'vitest';
import type { RateLimit, RateLimiter } from '../../aws/rate-limiter-table.ts';
import {
  acquireSlot,
  tryAcquireSlot,
  type Reservations,
  SlotNotReady,
} from '../../functions/acquire-slot.ts';

const NOW = Date.parse('2026-11-02T10:00:00.000Z');
const now = () => new Date(NOW);
const limit = (name: string, intervalMs = 1_000): RateLimit => ({ name, intervalMs, burst: 1 });
const within = limit('all');
const requests = { ...limit('requests'), within };
const replies = { ...limit('replies'), within, guaranteed: limit('guaranteed', 4_000) };

/** A limiter whose limits of these names have no free slot: the next is so many milliseconds later. */
function limiter(full: Readonly<Record<string, number>> = {}) {
  const taken: string[] = [];
  const rateLimiter: RateLimiter = {
    reserve: async ({ name }) => {
      taken.push(name);
      return new Date(NOW + (full[name] ?? 0));
    },
    tryReserve: async ({ name }) => {
      if (name in full) return false;
      taken.push(name);
      return true;
    },
    pauseUntil: async () => {},
  };
  return { rateLimiter, taken };
}

describe('acquireSlot', () => {
  it('takes a slot of the limit and of the limit that it shares', async () => {
    const { rateLimiter, taken } = limiter();
    await acquireSlot(requests, {}, rateLimiter, now);
    await acquireSlot(replies, {}, rateLimiter, now);
    expect(taken).toEqual(['requests', 'all', 'replies', 'all']);
  });

  it('waits for the shared slot with both slots reserved, and then takes no other', async () => {
    const { rateLimiter } = limiter({ all: 7_000 });
    const reservations: Reservations = {};
    await expect(acquireSlot(requests, reservations, rateLimiter, now)).rejects.toMatchObject({
      retryAfterSeconds: 7,
    });
    expect(reservations).toEqual({ requests: NOW, all: NOW + 7_000 });
    const later = limiter();
    await acquireSlot(requests, reservations, later.rateLimiter, () => new Date(NOW + 7_000));
    expect(later.taken).toEqual([]);
  });

  it('takes a shared slot for each call of a message', async () => {
    const { rateLimiter, taken } = limiter();
    const reservations: Reservations = { requests: NOW, all: NOW };
    await acquireSlot(requests, reservations, rateLimiter, now);
    await acquireSlot(replies, reservations, rateLimiter, now);
    expect(taken).toEqual(['replies', 'all']);
  });

  it('waits its turn with a guaranteed slot if no shared slot is free', async () => {
    const { rateLimiter, taken } = limiter({ all: 7_000 });
    await expect(acquireSlot(replies, {}, rateLimiter, now)).rejects.toMatchObject({ retryAfterSeconds: 7 });
    expect(taken).toEqual(['replies', 'guaranteed', 'all']);
  });

  it('keeps a guaranteed slot when it returns', async () => {
    const { rateLimiter, taken } = limiter({ all: 7_000, guaranteed: 4_000 });
    await acquireSlot(replies, { replies: NOW - 1, all: NOW }, rateLimiter, now);
    expect(taken).toEqual([]);
  });

  it.each([
    ['the next slot of its kind', 9_000, 9],
    // A limit with a burst has slots that are free at once. The message would return at once, again and again.
    ['the next guaranteed slot', 0, 4],
  ])('gives way without a guaranteed slot, and returns at %s', async (_, replySlot, seconds) => {
    const { rateLimiter, taken } = limiter({ all: 7_000, guaranteed: 4_000, replies: replySlot });
    const reservations: Reservations = { replies: NOW };
    await expect(acquireSlot(replies, reservations, rateLimiter, now)).rejects.toMatchObject({
      retryAfterSeconds: seconds,
    });
    expect(taken).toEqual(['replies']);
    expect(reservations).toEqual({ replies: NOW + seconds * 1_000 });
  });
});

describe('tryAcquireSlot', () => {
  it('takes a free slot of the shared limit', async () => {
    const { rateLimiter, taken } = limiter();
    await tryAcquireSlot(replies, rateLimiter, now);
    await tryAcquireSlot(limit('updates'), rateLimiter, now);
    expect(taken).toEqual(['all', 'updates']);
  });

  it('takes a guaranteed slot if the shared limit has none, and the calls after it wait', async () => {
    const { rateLimiter, taken } = limiter({ all: 7_000 });
    await tryAcquireSlot(replies, rateLimiter, now);
    expect(taken).toEqual(['guaranteed', 'all']);
  });

  it.each([
    [replies, { all: 7_000, guaranteed: 4_000 }],
    [requests, { all: 7_000 }],
    [limit('updates'), { updates: 1 }],
  ])('throws if no slot is free: $name', async (one, full) => {
    const { rateLimiter, taken } = limiter(full);
    await expect(tryAcquireSlot(one, rateLimiter, now)).rejects.toThrow(SlotNotReady);
    expect(taken).toEqual([]);
  });
});
