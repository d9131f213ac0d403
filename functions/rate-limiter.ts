// Work that calls Slack where Slack takes only so many calls a time waits for its turn in the queue, where waiting costs
// nothing: it takes a turn, and is delivered again when that has come. The functions that post wrap their work in it.
import type { Log } from '../aws/log.ts';
import type { Lane, Pace } from '../aws/rate-limiter-table.ts';
import { failureFields, retryAfter } from '../slack/slack-errors.ts';
import type { PutBack } from './requeue.ts';
import type { QueueRecord, Work } from './sqs-batch.ts';

/** Goes on if it is this message's turn in the lane, now or since a while; else throws {@link NotYet}. */
export type InTurn = (lane: Lane) => Promise<void>;

/** Its turn is later. */
export class NotYet extends Error {
  override readonly name = 'NotYet';
  readonly lane: string;
  /** In milliseconds since the epoch. */
  readonly turn: number;

  constructor(lane: string, turn: number) {
    super(`The turn in the lane ${lane} is at ${new Date(turn).toISOString()}.`);
    this.lane = lane;
    this.turn = turn;
  }
}

/** Those who came too early at once do not come at once again: over so many turns they are spread. */
const APART = 15;

export interface InTurnDependencies {
  readonly pace: Pace;
  readonly putBack: PutBack;
  readonly now: () => Date;
  readonly log: Log;
}

/** What a message brings along beside its body. */
export type Delivered = Pick<QueueRecord, 'firstSentAt'> & { readonly acquire: InTurn };

export function waitingInTurn(
  work: (body: unknown, delivered: Delivered) => Promise<void>,
  { pace, putBack, now, log }: InTurnDependencies,
): Work {
  return async (body, record) => {
    const used: Lane[] = [];
    const acquire: InTurn = async (lane) => {
      used.push(lane);
      const turn = record.turns[lane.name] ?? (await pace.turn(lane, now()))?.getTime() ?? 0;
      if (turn > now().getTime()) throw new NotYet(lane.name, turn);
    };
    try {
      await work(body, { ...record, acquire });
    } catch (error) {
      if (error instanceof NotYet) {
        const turns = { ...record.turns, [error.lane]: error.turn };
        return putBack({ ...record, turns }, (error.turn - now().getTime()) / 1_000);
      }
      const seconds = retryAfter(error);
      if (seconds === undefined) throw error;
      // Too early all the same: it keeps its place, about; whoever takes a turn from now on gets a later one.
      const until = now().getTime() + seconds * 1_000;
      for (const lane of used) await pace.holdBack(lane, new Date(until));
      const turns = Object.fromEntries(
        used.map(({ name, step }) => [name, until + Math.random() * step * APART]),
      );
      await putBack({ ...record, turns }, seconds);
      log('put_back', { seconds, ...failureFields(error) });
    }
  };
}
