// A trade that people approved, and everything that the states that work an order need: the paper broker, its market and the
// reservations in a DynamoDB of the test. The tests of these states call it.
import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { approvalsTable } from '../../../aws/approvals-table.ts';
import { paperBroker } from '../../../aws/trading/paper-broker.ts';
import { reservations } from '../../../aws/trading/reservations.ts';
import type { Approval, Result } from '../../../domain/approval.ts';
import { digestTerms, type Terms } from '../../../domain/terms.ts';
import type { Quote } from '../../../domain/trading/market.ts';
import type { OrderWork } from '../../../domain/trading/order-work.ts';
import type { Fill } from '../../../domain/trading/orders.ts';
import { OPENING_ACCOUNT, type PaperAccount } from '../../../domain/trading/paper-orders.ts';
import type { Side } from '../../../domain/trading/prices.ts';
import { ACCOUNT, type TradeTerms } from '../../../domain/trading/trade-terms.ts';
import { orderId } from '../../../domain/trading/order-id.ts';
import { cancelOrder } from '../../../functions/trading/cancel-order.ts';
import { checkOrder } from '../../../functions/trading/check-order.ts';
import { placeOrder, type PlaceOrderDependencies } from '../../../functions/trading/place-order.ts';
import { approval } from '../../support/approvals.ts';
import { startDynamoDB } from '../../support/dynamodb.ts';
import { type Crash, crashes } from './crashes.ts';
import { type PriceTold, priceEvents } from './price-events.ts';

export const NOW = new Date('2026-11-02T10:05:30.000Z');
export const DECIDED_AT = '2026-11-02T10:05:00.000Z';

/** The rule recommends to sell; the requester chose to buy. */
export const terms: TradeTerms = {
  version: 2,
  side: 'buy',
  symbol: 'AMZN',
  quantity: 10,
  limitPrice: '184.50',
  timeInForce: 'day',
  account: 'paper',
  requester: 'U0ANA',
};

export const sale: TradeTerms = { ...terms, side: 'sell', limitPrice: '180.50' };

/** The data of the execution, before it asked. */
export const trade = {
  symbol: 'AMZN',
  quantity: 10,
  side: 'buy',
  stock_price: 182.2,
  bid: 182.18,
  ask: 182.22,
  average_price: 181,
  priced_at: '2026-11-02T10:00:00.000Z',
  recommended_type: 'sell',
  reason: 'AMZN is dear.',
  requestedBy: 'U0ANA',
  terms: terms as unknown,
  request: { title: 'what the input says is asked does not count' },
};

/** Bid and ask are 4 cents apart. */
export function quoteAt(price: number, differences: Partial<Quote> = {}): Quote {
  const [bid, ask] = [price - 0.02, price + 0.02].map((each) => Number(each.toFixed(2))) as [number, number];
  return { symbol: 'AMZN', price, bid, ask, average: 181, at: '2026-11-02T10:05:00.000Z', ...differences };
}

export interface Approved {
  /** The terms of the record. */
  readonly terms?: unknown;
  readonly record?: Partial<Approval>;
  /** Members of the data of the execution that differ. A member that is undefined is absent. */
  readonly input?: Readonly<Record<string, unknown>>;
  /** The digest in the decision. */
  readonly digest?: string | undefined;
}

export interface StateInput {
  readonly Input: object;
  readonly ExecutionId: string;
  readonly WorkSeconds: number;
  readonly RedriveCount: number;
}

/** What the states return, in addition to their input. */
export interface Output {
  readonly fill?: Fill | undefined;
  readonly result?: Result;
  readonly order?: OrderWork;
}

/** A message on the results topic. */
export interface Published {
  readonly ExecutionId: string;
  readonly Input: { readonly result?: Result; readonly progress?: { readonly text: string } };
}

type Sent = Parameters<DynamoDBClient['send']>[0];

export type TestBroker = Awaited<ReturnType<typeof startBroker>>;

/** What {@link TestBroker.approve} approves, for an order that is immediate or cancel. */
export const immediately = (of: TradeTerms = terms): Approved => {
  const ioc = { ...of, timeInForce: 'ioc' as const };
  return { terms: ioc, input: { terms: ioc, side: of.side } };
};

export async function startBroker() {
  const [approvalsDatabase, database] = await Promise.all([
    startDynamoDB('Approvals', 'execution', 'id'),
    startDynamoDB('Ledger', 'account'),
  ]);
  const clock = { now: NOW };
  const now = () => clock.now;
  const published: Published[] = [];
  const put = (item: object) =>
    database.client.send(new PutItemCommand({ TableName: 'Ledger', Item: marshall(item) }));
  let events: ReturnType<typeof priceEvents> = [];
  let count = 0;

  /** The dependencies of a worker whose calls fail from the crash on. */
  function worker(crash?: Crash) {
    const { guard, hasCrashed, calls } = crashes(crash);
    const guarded = (client: DynamoDBClient): DynamoDBClient =>
      Object.create(client, {
        send: {
          value: (command: Sent, options?: { abortSignal?: AbortSignal }) =>
            guard(() => client.send(command, options)),
        },
      });
    const client = guarded(database.client);
    const dependencies: PlaceOrderDependencies = {
      approvals: approvalsTable(guarded(approvalsDatabase.client), 'Approvals'),
      broker: paperBroker(client, 'Ledger', now),
      reservations: reservations(client, 'Ledger', ACCOUNT),
      publish: (message) => guard(async () => void published.push(message as Published)),
      limits: { symbols: ['AMZN', 'NVDA'], restricted: [], maxAmount: 1_000_000 },
      priceBandPercent: 1,
      now,
      pause: async () => {},
    };
    return {
      dependencies,
      hasCrashed,
      calls,
      guard,
      approvals: approvalsTable(guarded(approvalsDatabase.client), 'Approvals'),
    };
  }

  const { dependencies, approvals } = worker();

  /** Changes the price of AMZN from a time on. Undefined: there is no quote. */
  async function price(told: number | PriceTold | undefined, since: Date | string = clock.now) {
    const start = new Date(since);
    const kept = events.filter((each) => Date.parse(each.since) < start.getTime());
    events = [...kept, ...priceEvents('AMZN', start, told)];
    await put({ account: 'market AMZN', events });
  }
  await price(182.2, DECIDED_AT);

  /** Changes it from the next minute on. An order that works is filled at the first instant of a minute. */
  function nextPrice(told: Parameters<typeof price>[0]) {
    return price(told, new Date((Math.floor(clock.now.getTime() / 60_000) + 1) * 60_000));
  }

  return {
    ...dependencies,
    approvals,
    dependencies,
    worker,
    published,
    clock,
    price,
    nextPrice,
    advance(seconds: number) {
      clock.now = new Date(clock.now.getTime() + seconds * 1_000);
    },
    /** The state's input for a trade that was approved in an execution of its own. */
    async approve(approved: Approved = {}): Promise<StateInput> {
      const execution = `run-${(count += 1)}`;
      const ExecutionId = `arn:aws:states:us-east-1:000000000000:execution:trading:${execution}`;
      const recorded: Terms = digestTerms(approved.terms ?? terms);
      const decision = { outcome: 'approved', by: 'U0BEN', at: DECIDED_AT } as const;
      const stored = {
        execution,
        executionArn: ExecutionId,
        terms: recorded,
        status: 'approved',
        decision,
      } as const;
      await approvals.create(approval({ ...stored, ...approved.record }), `token-${execution}`);
      const termsDigest = 'digest' in approved ? approved.digest : recorded.digest;
      const decided = { outcome: 'approved', id: approval().id, termsDigest };
      const Input = JSON.parse(JSON.stringify({ ...trade, approval: decided, ...approved.input }));
      return { Input, ExecutionId, WorkSeconds: 900, RedriveCount: 0 };
    },
    async setAccount(account?: Partial<PaperAccount>) {
      const Key = marshall({ account: 'paper' });
      if (!account) await database.client.send(new DeleteItemCommand({ TableName: 'Ledger', Key }));
      else await put({ account: 'paper', revision: 1, ...OPENING_ACCOUNT, ...account });
    },
    /** The items of the ledger's table, by key, without the market. */
    async stored(): Promise<Readonly<Record<string, Readonly<Record<string, unknown>>>>> {
      const { Items = [] } = await database.client.send(
        new ScanCommand({ TableName: 'Ledger', ConsistentRead: true }),
      );
      const items = Items.map((item) => unmarshall(item)).filter(
        ({ account }) => !account.startsWith('market '),
      );
      return Object.fromEntries(items.map(({ account, ...item }) => [account, item]));
    },
    run: (side: Side, input: unknown, differences?: Partial<PlaceOrderDependencies>) =>
      placeOrder(side, { ...dependencies, ...differences })(input) as Promise<Output>,
    check: (input: unknown, differences?: Partial<PlaceOrderDependencies>) =>
      checkOrder({ ...dependencies, ...differences })(input) as Promise<Output>,
    cancel: (input: unknown, differences?: Partial<PlaceOrderDependencies>) =>
      cancelOrder({ ...dependencies, ...differences })(input) as Promise<Output>,
    /** The shares that the account has bought. */
    bought: async () => (await dependencies.broker.position('AMZN')).quantity - 1_000,
    close: () => [approvalsDatabase, database].forEach((each) => each.close()),
  };
}

/** The id of the order of this input. */
export function idOf({ ExecutionId }: StateInput): string {
  return orderId(ExecutionId, approval().id);
}

/** The input of the next state. */
export function after(input: StateInput, output: object): StateInput {
  return { ...input, Input: output };
}

/** Retries a state as the state machine does, until it does not fail with this error. A lease expires meanwhile. */
export async function retried<Answer>(
  { advance }: Pick<TestBroker, 'advance'>,
  state: () => Promise<Answer>,
  error = 'OrderUnknown',
): Promise<Answer> {
  for (let tries = 0; tries < 5; tries++) {
    try {
      return await state();
    } catch (failure) {
      if (!(failure instanceof Error) || failure.name !== error) throw failure;
      advance(21);
    }
  }
  throw new Error(`The state failed with ${error} in five tries.`);
}
