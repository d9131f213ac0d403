// The queues of the functions, with the guarantees of SQS: at least once, in any order, and failed messages again
// later. The order of delivery is chosen outside.
import type { Turns } from './turns.ts';

/** A function behind a queue, or a state: it gets one body. True: that is done. */
export type Work = (body: string) => Promise<boolean>;

export type QueueName = 'requests' | 'results' | 'watches' | 'orders';

interface Item {
  readonly queue: QueueName;
  readonly body: string;
  /** Before this, in milliseconds since the epoch, it is not delivered again. */
  readonly visibleAt: number;
  readonly tries: number;
}

export interface Queues {
  send(queue: QueueName, body: object, visibleAt?: number): void;
  /** Delivers again what was delivered last from this queue. */
  repeat(queue: QueueName): void;
  /** The queues that did so. */
  readonly repeated: ReadonlySet<QueueName>;
  /** Delivers one of what is due. */
  readonly due: readonly (() => void)[];
  /** When something is due next, in milliseconds since the epoch. */
  readonly nextDue: number | undefined;
}

/** What failed is delivered again after this long, in milliseconds: longer than whoever posted last may live. */
const HIDDEN = 61_000;

/** More often than any queue tries, and than the failures of one interleaving. */
const MOST_TRIES = 20;

export function createQueues(
  turns: Turns,
  workers: () => Readonly<Record<QueueName, Work>>,
  now: () => number,
): Queues {
  const items: Item[] = [];
  const last = new Map<QueueName, Item>();
  const repeated = new Set<QueueName>();

  const deliver = (item: Item) => {
    items.splice(items.indexOf(item), 1);
    last.set(item.queue, item);
    const tries = item.tries + 1;
    if (tries > MOST_TRIES) throw new Error(`Never done: ${item.body}`);
    const work = () => workers()[item.queue](item.body);
    turns.start(item.queue, work, (run, done) => {
      if (run.dead || !done) items.push({ ...item, tries, visibleAt: now() + HIDDEN });
    });
  };

  return {
    send: (queue, body, visibleAt = 0) => {
      items.push({ queue, body: JSON.stringify(body), visibleAt, tries: 0 });
    },
    repeated,
    repeat: (queue) => {
      const item = last.get(queue);
      if (item) repeated.add(queue);
      if (item) items.push({ ...item, tries: 0, visibleAt: 0 });
    },
    get due() {
      return items.filter(({ visibleAt }) => visibleAt <= now()).map((item) => () => deliver(item));
    },
    get nextDue() {
      return items.length > 0 ? Math.min(...items.map(({ visibleAt }) => visibleAt)) : undefined;
    },
  };
}
