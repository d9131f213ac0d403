// Two executions whose orders people approved, and an account that can pay for one of them. The world of the lives of orders
// begins with them.
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Described } from '../../../aws/executions.ts';
import type { Result } from '../../../domain/approval.ts';
import { digestTerms } from '../../../domain/terms.ts';
import { orderId } from '../../../domain/trading/order-id.ts';
import { OPENING_ACCOUNT } from '../../../domain/trading/paper-orders.ts';
import type { InProcessDynamoDB } from '../../interleavings/dynamodb.ts';
import { approval } from '../../support/approvals.ts';
import { DECIDED_AT, NOW, terms, trade } from './approved-trade.ts';
import { startWorker } from './order-life-workers.ts';

/** US cents: enough for one of the two orders. */
const CASH = 250_000;

export type State = 'Buy Stock' | 'Check Order' | 'Cancel Order';

export interface Life {
  readonly executionArn: string;
  readonly id: string;
  state: State;
  /** Changes with the state, so that the output of an earlier one is ignored. */
  step: number;
  data: object;
  /** Step Functions waits until then, milliseconds. */
  waitsUntil: number;
  described: Described;
  /** Whether the event of the last end is lost. */
  isEventLost: boolean;
  /** What was told since the execution last began to run. */
  told: Result[];
  result?: Result | undefined;
}

export async function openLives(database: InProcessDynamoDB): Promise<readonly Life[]> {
  const put = (item: object) =>
    database.send(new PutItemCommand({ TableName: 'Ledger', Item: marshall(item) }));
  const lives: Life[] = [];
  const setup = startWorker(database, { now: NOW }, 1);
  for (const name of ['first', 'second']) {
    const execution = `run-${name}`;
    const executionArn = `arn:aws:states:us-east-1:000000000000:execution:trading:${execution}`;
    const recorded = digestTerms(terms);
    const decision = { outcome: 'approved', by: 'U0BEN', at: DECIDED_AT } as const;
    const stored = approval({ execution, executionArn, terms: recorded, status: 'approved', decision });
    await setup.approvals.create(stored, `token-${name}`);
    const decided = { outcome: 'approved', id: stored.id, termsDigest: recorded.digest };
    lives.push({
      executionArn,
      id: orderId(executionArn, stored.id),
      state: 'Buy Stock',
      step: 0,
      data: JSON.parse(JSON.stringify({ ...trade, approval: decided })),
      waitsUntil: 0,
      described: { status: 'RUNNING', input: {}, redriveCount: 0 },
      isEventLost: false,
      told: [],
    });
  }
  const spent = OPENING_ACCOUNT.cash - CASH;
  await put({ account: 'paper', revision: 1, ...OPENING_ACCOUNT, cash: CASH });
  await put({
    account: 'paper-order earlier',
    terms: { side: 'buy', symbol: 'NVDA' },
    outcome: { status: 'filled', filled: 1, cost: spent },
  });
  return lives;
}
