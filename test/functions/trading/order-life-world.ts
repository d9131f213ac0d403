// The world of the lives of orders: two executions that buy with the same cash, a small state machine, and the real functions
// around it. The property test plays random actions in it.
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Described } from '../../../aws/executions.ts';
import { cancelOrder } from '../../../functions/trading/cancel-order.ts';
import { checkOrder } from '../../../functions/trading/check-order.ts';
import { endOrders } from '../../../functions/trading/end-orders.ts';
import { endedExecutionEvent, hasFailed } from '../../../functions/trading/ended-execution.ts';
import { placeOrder, type PlaceOrderDependencies } from '../../../functions/trading/place-order.ts';
import { sweepOrders } from '../../../functions/trading/sweep-orders.ts';
import { inProcessDynamoDB } from '../../interleavings/dynamodb.ts';
import { DECIDED_AT, NOW, type Output, type Published } from './approved-trade.ts';
import { type Life, openLives } from './order-life-setup.ts';
import { type Fate, startWorker } from './order-life-workers.ts';
import { type PriceTold, priceEvents } from './price-events.ts';

/** Seconds. Those of `stack/trading`. */
const STATE_TIMEOUT = 20;
const QUEUE_TIMEOUT = 30;
const WORK_SECONDS = 180;

export type World = Awaited<ReturnType<typeof openWorld>>;

export async function openWorld() {
  const clock = { now: NOW };
  const history: string[] = [];
  const faults: string[] = [];
  const lives: Life[] = [];
  const pending: { readonly life: Life; readonly event: object }[] = [];
  const late: { readonly resume: () => Promise<void> }[] = [];
  const note = (text: string) => void history.push(`${clock.now.toISOString().slice(11, 23)} ${text}`);
  const database = inProcessDynamoDB(
    { Approvals: { keys: ['execution', 'id'] }, Ledger: { keys: ['account'] } },
    (table, before, after) => {
      const key = after['account']?.S;
      const life = lives.find(({ id }) => key === `paper-order ${id}`);
      if (table !== 'Ledger' || before || !life) return;
      note(`the broker has the order of ${nameOf(life)}`);
      if (hasFailed(life.described.status) && life.told.length > 0)
        faults.push(`The order of ${nameOf(life)} was placed after its end was published.`);
    },
  );
  const put = (TableName: string, item: object) =>
    database.send(new PutItemCommand({ TableName, Item: marshall(item, { removeUndefinedValues: true }) }));
  let events: ReturnType<typeof priceEvents> = [];

  lives.push(...(await openLives(database)));
  await price(182.2, new Date(DECIDED_AT));

  /** Changes the price of AMZN from now on. */
  async function price(told: number | PriceTold, since = clock.now): Promise<void> {
    const kept = events.filter((each) => Date.parse(each.since) < since.getTime());
    events = [...kept, ...priceEvents('AMZN', since, told)];
    await put('Ledger', { account: 'market AMZN', events });
  }

  function stateOf(life: Life, fate?: Fate) {
    const worker = startWorker(database, clock, STATE_TIMEOUT, fate);
    const dependencies: PlaceOrderDependencies = {
      ...worker,
      publish: (message) => worker.guard(async () => published(message)),
      limits: { symbols: ['AMZN', 'NVDA'], restricted: [], maxAmount: 1_000_000 },
      priceBandPercent: 1,
      pause: async () => {},
    };
    const states = {
      'Buy Stock': placeOrder('buy', dependencies),
      'Check Order': checkOrder(dependencies),
      'Cancel Order': cancelOrder(dependencies),
    };
    return { worker, run: states[life.state] };
  }

  function published(message: object): void {
    const { ExecutionId, Input, EndedAt } = message as Published & { readonly EndedAt?: string };
    const life = lives.find(({ executionArn }) => executionArn === ExecutionId);
    if (!life || !Input.result) return;
    note(`published for ${nameOf(life)}: ${Input.result.text}`);
    // End Orders was late, and the execution was redriven meanwhile.
    if (EndedAt !== undefined && EndedAt < (life.described.redrivenAt ?? '')) return;
    if (life.described.status === 'SUCCEEDED')
      faults.push(`The end of ${nameOf(life)} was published after it succeeded.`);
    life.told.push(Input.result);
  }

  /** Runs the current state, and returns once its worker has ended or is paused. */
  async function run(life: Life, fate?: Fate): Promise<void> {
    if (life.described.status !== 'RUNNING') return;
    if (clock.now.getTime() < life.waitsUntil) clock.now = new Date(life.waitsUntil);
    const { state, step } = life;
    const { worker, run: start } = stateOf(life, fate);
    const input = {
      Input: life.data,
      ExecutionId: life.executionArn,
      WorkSeconds: WORK_SECONDS,
      RedriveCount: life.described.redriveCount ?? 0,
    };
    const what = `${nameOf(life)} ${state}`;
    const isCurrent = () => !worker.hasCrashed() && life.described.status === 'RUNNING' && life.step === step;
    const ended = start(input).then(
      (output) => {
        note(`${what} -> ${JSON.stringify(pick(output))}${isCurrent() ? '' : ' (ignored)'}`);
        if (isCurrent()) enter(life, output);
      },
      (error: unknown) => {
        const { name, message } = error instanceof Error ? error : new Error(String(error));
        note(`${what} failed: ${name} ${message}`);
        if (name === 'NotApproved' && isCurrent()) end(life, 'FAILED', { error: name, cause: message });
      },
    );
    if ((await Promise.race([ended, worker.paused])) !== 'paused') return;
    note(`${what} is paused`);
    late.push({ resume: () => (worker.resume(), ended) });
  }

  function enter(life: Life, output: Output): void {
    life.step += 1;
    life.data = output;
    if (output.result) {
      life.described = { ...life.described, status: 'SUCCEEDED', endedAt: clock.now.toISOString() };
      life.result = output.result;
    } else if (output.order?.next === 'cancel') life.state = 'Cancel Order';
    else {
      life.state = 'Check Order';
      life.waitsUntil = clock.now.getTime() + (output.order?.waitSeconds ?? 0) * 1_000;
    }
  }

  /** @param isLost whether EventBridge does not deliver the event */
  function end(life: Life, status: 'ABORTED' | 'FAILED', why: Partial<Described>, isLost = false): void {
    const endedAt = clock.now.toISOString();
    life.described = { ...life.described, ...why, status, endedAt };
    life.isEventLost = isLost;
    const { executionArn } = life;
    if (!isLost) pending.push({ life, event: endedExecutionEvent({ executionArn, status, endedAt }) });
    note(`${nameOf(life)} is ${status}${isLost ? ', and its event is lost' : ''}`);
  }

  /** Delivers the oldest event, or this one. An event that is not handled is delivered again later. */
  async function deliver(fate?: Fate, index = 0): Promise<void> {
    const [delivered] = pending.splice(index % Math.max(1, pending.length), 1);
    if (!delivered) return;
    const worker = startWorker(database, clock, QUEUE_TIMEOUT, fate);
    const handle = endOrders({
      ...worker,
      describe: () => worker.guard(async () => delivered.life.described),
      publish: (message) => worker.guard(async () => published(message)),
      log: (event) => note(`End Orders: ${nameOf(delivered.life)} ${event}`),
    });
    const what = `End Orders for ${nameOf(delivered.life)}`;
    const handled = handle(delivered.event)
      .then(
        () => undefined,
        (error: unknown) => String(error),
      )
      .then((failure) => {
        if (failure === undefined && !worker.hasCrashed()) return;
        note(`${what}: ${failure}`);
        pending.push(delivered);
      });
    if ((await Promise.race([handled, worker.paused])) !== 'paused') return;
    note(`${what} is paused`);
    late.push({ resume: () => (worker.resume(), handled) });
  }

  return {
    clock,
    lives,
    pending,
    faults,
    history,
    late,
    note,
    price,
    run,
    deliver,
    items: () => database.items('Ledger').map((item) => unmarshall(item)),
    advance: (seconds: number) => void (clock.now = new Date(clock.now.getTime() + seconds * 1_000)),
    stop(life: Life, isLost: boolean): void {
      if (life.described.status === 'RUNNING') end(life, 'ABORTED', { cause: 'Ben stopped it' }, isLost);
    },
    redrive(life: Life): void {
      const { status, redriveCount = 0, input } = life.described;
      if (!hasFailed(status)) return;
      // Nobody presses it in the millisecond of the end.
      clock.now = new Date(clock.now.getTime() + 1_000);
      const redrivenAt = clock.now.toISOString();
      life.described = { status: 'RUNNING', input, redriveCount: redriveCount + 1, redrivenAt };
      life.told = [];
      life.step += 1;
      life.waitsUntil = 0;
      note(`${nameOf(life)} is redriven`);
    },
    async requestCancel({ id }: Life): Promise<void> {
      const { reservations, now } = startWorker(database, clock, QUEUE_TIMEOUT);
      await reservations.requestCancel(id, { by: 'U0ANA', at: now().toISOString() });
    },
    async sweep(fate?: Fate): Promise<void> {
      const worker = startWorker(database, clock, QUEUE_TIMEOUT, fate);
      const of = (executionArn: string) => lives.find((life) => life.executionArn === executionArn);
      const sweep = sweepOrders({
        ...worker,
        describe: (arn) => worker.guard(async () => of(arn)?.described ?? { status: 'MISSING', input: {} }),
        send: (event) =>
          worker.guard(async () => {
            const { executionArn } = (event as { readonly detail: { readonly executionArn: string } }).detail;
            const life = of(executionArn);
            if (life) pending.push({ life, event });
          }),
        log: (event) => note(`Sweep Orders: ${event}`),
      });
      await sweep().catch((error: unknown) => note(`Sweep Orders failed: ${String(error)}`));
    },
    async resume(index = 0): Promise<void> {
      const [one] = late.splice(index % Math.max(1, late.length), 1);
      await one?.resume();
    },
  };
}

export function nameOf({ executionArn }: Life): string {
  return executionArn.slice(executionArn.lastIndexOf(':') + 1);
}

function pick(output: Output): object {
  return output.result ? { result: output.result.text } : { order: output.order };
}
