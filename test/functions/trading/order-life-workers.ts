// Workers over a DynamoDB in this process that are killed or paused at any of their calls. The world of the lives of orders
// starts them.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { approvalsTable } from '../../../aws/approvals-table.ts';
import { OrderRejected } from '../../../aws/trading/broker.ts';
import { paperBroker } from '../../../aws/trading/paper-broker.ts';
import { reservations } from '../../../aws/trading/reservations.ts';
import { ACCOUNT } from '../../../domain/trading/trade-terms.ts';
import type { Command } from '../../interleavings/checked-input.ts';
import type { InProcessDynamoDB } from '../../interleavings/dynamodb.ts';
import type { Crash } from './crashes.ts';
import { Crashed } from './crashes.ts';

/** What happens to a worker. Its calls, or only its writes and the messages that it sends, are numbered from 1. */
export interface Fate {
  readonly counts?: 'calls' | 'writes' | undefined;
  readonly crash?: Crash | undefined;
  /** The worker stops before this call, until it is resumed. */
  readonly pauseAt?: number | undefined;
  /** The broker rejects the order of this worker, and does not keep it. */
  readonly isRejected?: boolean | undefined;
  /** How many turns of the event queue each call waits, in turn. Two workers interleave by it. */
  readonly delays?: readonly number[] | undefined;
}

/** Made once: to make one takes longer than a test. */
const dynamodb = new DynamoDBClient();

/** @param timeoutSeconds of the function: it ends a worker after this time on the clock of the test */
export function startWorker(
  database: InProcessDynamoDB,
  clock: { readonly now: Date },
  timeoutSeconds: number,
  { counts = 'calls', crash, pauseAt, isRejected = false, delays = [] }: Fate = {},
) {
  const started = clock.now.getTime();
  const now = () => clock.now;
  let calls = 0;
  let counted = 0;
  let hasCrashed = false;
  let resume = () => {};
  let tellPaused = () => {};
  const paused = new Promise<'paused'>((resolve) => (tellPaused = () => resolve('paused')));
  const wait = async (number: number | undefined) => {
    calls += 1;
    for (let turns = delays[calls % delays.length] ?? 0; turns > 0; turns--) await Promise.resolve();
    if (number === undefined || number !== pauseAt) return;
    const resumed = new Promise<void>((resolve) => (resume = resolve));
    tellPaused();
    await resumed;
  };
  async function guard<Answer>(call: () => Promise<Answer>, isRead = false): Promise<Answer> {
    const number = counts === 'writes' && isRead ? undefined : (counted += 1);
    await wait(number);
    const isLast = number !== undefined && number === crash?.at;
    if (isLast && crash?.when === 'before') hasCrashed = true;
    if (clock.now.getTime() >= started + timeoutSeconds * 1_000) hasCrashed = true;
    if (hasCrashed) throw new Crashed();
    // Also after a call that failed, such as a conditional write.
    const [answered] = await Promise.allSettled([call()]);
    if (isLast) hasCrashed = true;
    if (hasCrashed) throw new Crashed();
    if (answered.status === 'rejected') throw answered.reason;
    return answered.value;
  }
  const send = (command: Command) =>
    guard(() => database.send(command), /^(Get|Query)/.test(command.constructor.name));
  const client: DynamoDBClient = Object.assign(Object.create(dynamodb), { send });
  const broker = paperBroker(client, 'Ledger', now);
  const rejects = async () => {
    throw new OrderRejected('The broker rejected the order: the account is restricted.');
  };
  return {
    guard,
    hasCrashed: () => hasCrashed,
    paused,
    resume: () => resume(),
    now,
    approvals: approvalsTable(client, 'Approvals'),
    broker: isRejected ? { ...broker, place: rejects } : broker,
    reservations: reservations(client, 'Ledger', ACCOUNT),
  };
}
