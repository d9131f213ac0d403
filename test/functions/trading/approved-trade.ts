// A trade that people approved, and what the states that trade need to place it. The tests of these states call it.
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { type Approvals, approvalsTable } from '../../../aws/approvals-table.ts';
import { ledger, type Ledger } from '../../../aws/trading/ledger.ts';
import type { Approval, Result } from '../../../domain/approval.ts';
import { digestTerms, type Terms } from '../../../domain/terms.ts';
import type { Quote } from '../../../domain/trading/market.ts';
import type { Account, Fill } from '../../../domain/trading/paper-account.ts';
import type { Side } from '../../../domain/trading/prices.ts';
import type { TradeTerms } from '../../../domain/trading/trade-terms.ts';
import { placeOrder, type PlaceOrderDependencies } from '../../../functions/trading/place-order.ts';
import { approval } from '../../support/approvals.ts';
import { startDynamoDB } from '../../support/dynamodb.ts';

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

export interface TestBroker {
  readonly approvals: Approvals;
  readonly ledger: Ledger;
  /** The state's input for a trade that was approved in an execution of its own. */
  approve(approved?: Approved): Promise<{ readonly Input: object; readonly ExecutionId: string }>;
  setAccount(account?: Account): Promise<void>;
  run(side: Side, input: unknown, differences?: Partial<PlaceOrderDependencies>): Promise<Output>;
  /** Returns the quote of the decision, and then the one of now. */
  market: { pressed: Quote | undefined; now: Quote | undefined };
  readonly logged: object[];
  close(): void;
}

export interface Output {
  readonly fill?: Fill | undefined;
  readonly result: Result;
}

export async function startBroker(): Promise<TestBroker> {
  const [approvalsDatabase, database] = await Promise.all([
    startDynamoDB('Approvals', 'execution', 'id'),
    startDynamoDB('Ledger', 'account'),
  ]);
  const approvals = approvalsTable(approvalsDatabase.client, 'Approvals');
  const market = { pressed: quoteAt(182.2) as Quote | undefined, now: quoteAt(182.2) as Quote | undefined };
  const logged: object[] = [];
  const dependencies: PlaceOrderDependencies = {
    approvals,
    ledger: ledger(database.client, 'Ledger'),
    market: { quote: async (_, at) => (at.toISOString() === DECIDED_AT ? market.pressed : market.now) },
    limits: { symbols: ['AMZN', 'NVDA'], restricted: [], maxAmount: 1_000_000 },
    priceBandPercent: 1,
    now: () => NOW,
    log: (event, fields) => void logged.push({ event, ...fields }),
  };
  let count = 0;
  return {
    approvals,
    ledger: dependencies.ledger,
    market,
    logged,
    async approve(approved = {}) {
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
      return { Input, ExecutionId };
    },
    async setAccount(account) {
      const Key = marshall({ account: 'paper' });
      const Item = account && marshall({ account: 'paper', revision: 1, ...account });
      await (Item
        ? database.client.send(new PutItemCommand({ TableName: 'Ledger', Item }))
        : database.client.send(new DeleteItemCommand({ TableName: 'Ledger', Key })));
    },
    run: (side, input, differences) => placeOrder(side, { ...dependencies, ...differences })(input),
    close: () => [approvalsDatabase, database].forEach((each) => each.close()),
  };
}
