// Makes each outside call wait for its turn, so that the order in which calls take effect is chosen and can be
// repeated. Slack, DynamoDB and Step Functions of the world are called through it.
import { AsyncLocalStorage } from 'node:async_hooks';

/** One run of a function or of the bot, from its event to its answer. */
export interface Invocation {
  readonly what: string;
  /** Whether it was ended in the middle, as by a time-out: it does nothing any more. */
  dead: boolean;
  /** Each time that it read from the clock, ISO 8601. */
  readonly times: string[];
  /** What it said privately, or showed in a modal. */
  readonly said: string[];
  /** How often it called the outside. */
  calls: number;
}

/** A call that waits for its turn. */
export interface Call {
  readonly by: Invocation;
  readonly what: string;
  /** Lets it have its effect. */
  readonly go: () => void;
}

/** Nothing moves any more, and yet something is not done. */
class Hangs extends Error {
  override readonly name = 'Hangs';
}

export interface Turns {
  /** The calls that wait, the oldest first. */
  readonly waiting: readonly Call[];
  readonly running: readonly Invocation[];
  /** Runs something as an invocation of its own; it goes on whenever a call of it gets its turn. */
  start<Output>(what: string, work: () => Promise<Output>, done: Done<Output>): void;
  /** A call to the outside: waits for its turn, then has its effect. */
  call<Output>(what: string, effect: (by: Invocation) => Output | Promise<Output>): Promise<Output>;
  /** Ends an invocation in the middle. */
  kill(run: Invocation): void;
  /** Resolves when everything that runs waits for a turn. */
  quiet(): Promise<void>;
}

/** Told when an invocation ends. Without an output: it threw. */
export type Done<Output> = (run: Invocation, output: Output | undefined) => void;

const storage = new AsyncLocalStorage<Invocation>();

/** The invocation in which this is asked. */
export function current(): Invocation {
  const invocation = storage.getStore();
  if (!invocation) throw new Error('Something outside all invocations calls outside.');
  return invocation;
}

/** Milliseconds that everything has to come to its next call: it takes none but on a busy machine. */
const MAX_WAIT_MS = 5_000;

export function createTurns(): Turns {
  const waiting: Call[] = [];
  const running = new Map<Invocation, () => void>();
  const waits = (invocation: Invocation) => waiting.some(({ by }) => by === invocation);
  const leave = (call: Call) => waiting.splice(waiting.indexOf(call), 1);

  const call = <Output>(what: string, effect: (by: Invocation) => Output | Promise<Output>) => {
    const by = current();
    by.calls += 1;
    return new Promise<Output>((resolve, reject) => {
      const go = () => {
        leave(made);
        new Promise<Output>((done) => done(effect(by))).then(resolve, reject);
      };
      const made: Call = { by, what, go };
      waiting.push(made);
    });
  };

  return {
    waiting,
    get running() {
      return [...running.keys()];
    },
    call,
    start<Output>(what: string, work: () => Promise<Output>, done: Done<Output>) {
      const run: Invocation = { what, dead: false, times: [], said: [], calls: 0 };
      const end = (output?: Output) => {
        // What was killed is over already.
        if (running.delete(run)) done(run, output);
      };
      running.set(run, end);
      storage.run(run, work).then(end, () => end());
    },
    kill(run) {
      run.dead = true;
      for (const each of waiting.filter(({ by }) => by === run)) leave(each);
      running.get(run)?.();
    },
    async quiet() {
      const since = performance.now();
      while (performance.now() - since < MAX_WAIT_MS) {
        await new Promise(setImmediate);
        if ([...running.keys()].every(waits)) return;
      }
      throw new Hangs([...running.keys()].map(({ what }) => what).join(', '));
    },
  };
}
