// Slack's rate limits, applied if a test asks for it: a message a second in a channel with short bursts, and fifty
// updates a minute. https://docs.slack.dev/apis/web-api/rate-limits
// `web-api.ts` checks them before each call.
import type { Clock } from '../../clock.ts';

export interface Rates {
  /** Applies the limits; `burst` is the number of messages allowed at once after a quiet time. */
  keep(burst: number): void;
  /** Seconds until a call of this method in this channel is accepted; undefined if it is accepted now. */
  tooEarly(method: string, channel: string): number | undefined;
}

const SECOND = 1_000;
const MINUTE = 60_000;

/** Updates per minute, Slack's tier 3: https://docs.slack.dev/reference/methods/chat.update */
const UPDATES = 50;

export function createRates(clock: Pick<Clock, 'now'>): Rates {
  let burst: number | undefined;
  /** For each channel, when its next message is due at one message a second. Messages of a burst may come earlier. */
  const next = new Map<string, number>();
  let updates: readonly number[] = [];

  const message = (channel: string, most: number): number | undefined => {
    const now = clock.now();
    const due = Math.max(next.get(channel) ?? 0, now);
    if (due - now > (most - 1) * SECOND) return Math.ceil((due - now) / SECOND) - most + 1;
    next.set(channel, due + SECOND);
    return undefined;
  };

  const update = (): number | undefined => {
    const now = clock.now();
    updates = updates.filter((at) => at > now - MINUTE);
    const [first = now] = updates;
    if (updates.length >= UPDATES) return Math.max(1, Math.ceil((first + MINUTE - now) / SECOND));
    updates = [...updates, now];
    return undefined;
  };

  return {
    keep: (most) => {
      burst = most;
    },
    tooEarly(method, channel) {
      if (burst === undefined) return undefined;
      if (method === 'chat.postMessage') return message(channel, burst);
      return method === 'chat.update' ? update() : undefined;
    },
  };
}
