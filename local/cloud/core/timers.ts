// Keeps one ordered list of timers for everything that must happen later. The injected clock decides when a timer is
// due, so tests can simulate time. Every service adds its timers here and reports its running work.
import type { Clock } from '../../clock.ts';
import type { Timer, TimerKind } from './state.ts';

/** Called when a timer is due, with its subject and the time at which it was due. */
export type TimerHandlers = Readonly<Record<TimerKind, (subject: string, due: number) => void>>;

/** Maximum delay of a `setTimeout`. The clock may be moved meanwhile, so it is read again at least this often. */
const MAX_WAIT_MS = 1000;

export interface Timers {
  add(timer: Timer): void;
  drop(matches: (timer: Timer) => boolean): void;
  start(handlers: TimerHandlers): void;
  /** Counts this work as running until it ends. */
  follow(work: Promise<unknown>): void;
  settled(): Promise<void>;
  advance(milliseconds: number): Promise<void>;
  stop(): void;
}

interface TimersOptions {
  readonly clock: Clock;
  readonly list: Timer[];
  /** Called after each change to the list, and when work ends. */
  readonly changed: () => void;
}

export function createTimers({ clock, list, changed }: TimersOptions): Timers {
  let fire: TimerHandlers | undefined;
  let running = 0;
  let waiting: NodeJS.Timeout | undefined;
  let next = Promise.withResolvers<void>();

  const isDue = () => list[0] !== undefined && list[0].due <= clock.now();

  function fireDue(): void {
    if (!fire) return;
    let fired = false;
    for (; isDue(); fired = true) {
      const timer = list.shift();
      if (timer) fire[timer.kind](timer.subject, timer.due);
    }
    arm();
    if (fired) announce();
  }

  function arm(): void {
    clearTimeout(waiting);
    const [first] = list;
    if (!fire || !first) return;
    waiting = setTimeout(fireDue, Math.min(Math.max(first.due - clock.now(), 0), MAX_WAIT_MS));
  }

  function announce(): void {
    changed();
    next.resolve();
    next = Promise.withResolvers();
  }

  async function settled(): Promise<void> {
    for (;;) {
      fireDue();
      if (running === 0 && !isDue()) return;
      await next.promise;
    }
  }

  return {
    settled,
    add(timer) {
      const after = list.findIndex(({ due }) => due > timer.due);
      list.splice(after === -1 ? list.length : after, 0, timer);
      changed();
      arm();
    },
    drop(matches) {
      list.splice(0, list.length, ...list.filter((timer) => !matches(timer)));
      changed();
    },
    start(handlers) {
      fire = handlers;
      arm();
    },
    follow(work) {
      running += 1;
      void work.finally(() => {
        running -= 1;
        announce();
      });
    },
    async advance(milliseconds) {
      const end = clock.now() + milliseconds;
      await settled();
      for (let first = list[0]; first && first.due <= end; first = list[0]) {
        clock.skip(Math.max(0, first.due - clock.now()));
        await settled();
      }
      clock.skip(Math.max(0, end - clock.now()));
      await settled();
    },
    stop() {
      fire = undefined;
      clearTimeout(waiting);
    },
  };
}
