// Reserves the slots that a call to Slack needs. The queue handler calls `acquireSlot` for messages, which can wait for
// a slot. The reconciler calls `tryAcquireSlot`, and its next run tries again if no slot is free.
import type { RateLimit, RateLimiter, SharedLimit } from '../aws/rate-limiter-table.ts';
import { RetryLater } from '../aws/retry-later.ts';
import { retryAfter } from '../slack/slack-errors.ts';

/** Rate limit name → time at which the message may call Slack, in milliseconds since the epoch. */
export type Reservations = Record<string, number>;

/** The slot that the message reserved is in the future. */
export class SlotNotReady extends RetryLater {
  override readonly name = 'SlotNotReady';

  /** @param slot milliseconds since the epoch */
  constructor(limit: string, slot: number, now: Date) {
    super(`The slot of ${limit} is at ${new Date(slot).toISOString()}.`, (slot - now.getTime()) / 1_000);
  }
}

/** Slack limited a call whose limit is not the one of which the message last acquired a slot. */
export class RateLimited extends RetryLater {
  override readonly name = 'RateLimited';
  /** The limit to pause. Undefined if the call needs no slot. */
  readonly limit: RateLimit | undefined;

  constructor(limit: RateLimit | undefined, afterSeconds: number) {
    super(`Slack limits ${limit?.name ?? 'a call without a slot'}.`, afterSeconds);
    this.limit = limit;
  }
}

/** Returns a RateLimited if the error is Slack's rate limit, and the error itself otherwise. */
export function limitedBy(limit: RateLimit | undefined, error: unknown): unknown {
  const seconds = retryAfter(error);
  return seconds === undefined ? error : new RateLimited(limit, seconds);
}

/**
 * Resolves if the time of the message's slot has come.
 * @param reservations the slots of the message; adds those that are reserved
 * @throws SlotNotReady if that time is in the future
 */
export async function acquireSlot(
  limit: RateLimit | SharedLimit,
  reservations: Reservations,
  rateLimiter: RateLimiter,
  now: () => Date,
): Promise<void> {
  const reserve = async (one: RateLimit) => (await rateLimiter.reserve(one, now())).getTime();
  const waitFor = async (one: RateLimit) => {
    const slot = (reservations[one.name] ??= await reserve(one));
    if (slot > now().getTime()) throw new SlotNotReady(one.name, slot, now());
  };
  await waitFor(limit);
  if (!('within' in limit)) return;
  const { within, guaranteed } = limit;
  if (guaranteed && reservations[within.name] === undefined) {
    if (await rateLimiter.tryReserve(within, now())) return;
    if (!(await rateLimiter.tryReserve(guaranteed, now()))) {
      // The message goes to the end of its kind's line. It returns no earlier than the next guaranteed slot can be
      // free.
      const slot = Math.max(await reserve(limit), now().getTime() + guaranteed.intervalMs);
      reservations[limit.name] = slot;
      throw new SlotNotReady(limit.name, slot, now());
    }
  }
  await waitFor(within);
  // The next call of the message needs another slot of the shared limit.
  delete reservations[within.name];
}

/**
 * Resolves if a slot is free now.
 * @throws SlotNotReady if none is free
 */
export async function tryAcquireSlot(
  limit: RateLimit | SharedLimit,
  rateLimiter: Pick<RateLimiter, 'reserve' | 'tryReserve'>,
  now: () => Date,
): Promise<void> {
  const shared = 'within' in limit ? limit.within : limit;
  if (await rateLimiter.tryReserve(shared, now())) return;
  const guaranteed = 'within' in limit && limit.guaranteed;
  if (!guaranteed || !(await rateLimiter.tryReserve(guaranteed, now())))
    throw new SlotNotReady(limit.name, now().getTime(), now());
  // The call is made at once. It also reserves a slot of the shared limit, so that later calls are delayed by it.
  await rateLimiter.reserve(shared, now());
}
