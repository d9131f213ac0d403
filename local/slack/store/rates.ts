// Slack's limits of how often, kept where a test asks for it: a message a second in a channel, with short bursts let
// through, and fifty updates a minute. https://docs.slack.dev/apis/web-api/rate-limits
// Asked by `web-api.ts` before each call.
import type { Clock } from '../../clock.ts';

export interface Rates {
  /** Keeps them from now on; so many messages are let through at once after a quiet time. */
  keep(burst: number): void;
  /** Seconds after which such a call is taken again, if it is too early now. */
  tooEarly(method: string, channel: string): number | undefined;
}

const SECOND = 1_000;
const MINUTE = 60_000;

/** Of tier 3: https://docs.slack.dev/reference/methods/chat.update */
const UPDATES = 50;

export function createRates(clock: Clock): Rates {
  let burst: number | undefined;
  /** When the next message would be due if none ever came early, by channel. */
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
