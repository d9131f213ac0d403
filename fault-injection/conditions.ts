// What a state of the world makes impossible, so that the invariants ask for nothing else: which messages Slack refuses,
// who can act. `world-states.ts` sets the conditions, and `invariants.ts` reads them.
import type { Approval } from '../domain/approval.ts';
import type { Harness } from './harness.ts';

/** Times are those of AWS and Slack, in milliseconds since the epoch. */
export interface Conditions {
  /** Since when Slack has refused every message and every update in the channel. */
  readonly channelClosedAt?: number;
  /** Ids of the approvals whose message somebody deleted. */
  readonly deleted: ReadonlySet<string>;
  /** To whom Slack refuses the app's direct messages. */
  readonly unreachable?: string;
  /** Who was deactivated, and when. */
  readonly deactivated?: { readonly person: string; readonly at: number };
  /** By how much the clock of the functions is ahead. Negative if it is behind. */
  readonly skewMs: number;
  /**
   * Before this time no further request can be posted. A clock that was set back finds the slots of the rate limit that
   * were reserved before in its future.
   */
  readonly slotsFrom?: number;
  /** Since when the bot has refused every request of Slack, because its clock differs too much. */
  readonly refusesRequestsSince?: number;
}

/** Returns the lines that the functions logged with this event. */
export type Logged = (event: string) => readonly string[];

/** What the invariants must know of a state of the world. */
export interface World {
  readonly conditions: Conditions;
  /** What the functions logged since the story began. */
  readonly logged: Logged;
}

/** Nothing is impossible. */
export const NORMAL: World = { conditions: { deleted: new Set(), skewMs: 0 }, logged: () => [] };

/** @param since number of events before the story */
export function loggedSince({ events }: Harness, since: number): Logged {
  return (event) =>
    events
      .slice(since)
      .filter((each) => each.event === 'function_logged' && String(each['line']).includes(`"${event}"`))
      .map((each) => String(each['line']));
}

/** Whether the approval's message could be posted: the channel was open at some time while people could decide. */
export function couldBeAsked(
  { askedAt, deadline }: Approval,
  { channelClosedAt = Infinity, skewMs, slotsFrom = 0 }: Conditions,
): boolean {
  const [asked, end] = [Date.parse(askedAt), Date.parse(deadline)];
  // A function whose clock is past the deadline asks nobody, because nobody could decide any more.
  const isPast = asked + skewMs >= end;
  return channelClosedAt > asked && !isPast && slotsFrom < end;
}
