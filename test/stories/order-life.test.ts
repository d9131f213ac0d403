// Stories of orders that are not filled at once, as traders live them: an order waits, is filled in part, is cancelled by a
// button or a command, ends unfilled, or loses its execution. Nothing works at the broker afterwards, and nothing is reserved.
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { RedriveExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openOrders, openReservations, unexplainedCents } from '../../fault-injection/paper-orders.ts';
import type { Message } from '../../local/slack/slack.ts';
import { tellMarket } from '../support/market.ts';
import {
  ANA,
  BEN,
  CHLOE,
  hasButtons,
  MORNING,
  openTradingDesk,
  operator,
  type TradingDesk,
} from '../support/trading-desk.ts';

const MINUTE = 60_000;
const OUTSIDER = 'U0SAM';
let desk: TradingDesk;
let dynamodb: DynamoDBClient;

beforeAll(async () => {
  desk = await openTradingDesk(MORNING);
  dynamodb = new DynamoDBClient({ ...operator, endpoint: desk.cloud.url });
});
afterEach(async () => {
  await tellMarket(desk, 'AMZN', {});
  await desk.cloud.advance(5 * MINUTE);
  const { Items = [] } = await dynamodb.send(
    new ScanCommand({ TableName: desk.cloud.outputs['LedgerTable'] }),
  );
  const items = Items.map((item) => unmarshall(item));
  const left = [...openOrders(items), ...openReservations(items)];
  const cents = unexplainedCents(items);
  if (left.length > 0 || cents !== 0)
    throw new Error(`The story left ${left.join(', ') || 'nothing'} and ${cents} unexplained cents.`);
});
afterAll(async () => {
  dynamodb.destroy();
  await desk.stop();
});

/** Ana requests to buy, the price rises by 3 %, and Ben approves: the order waits at the broker. */
async function waitingOrder(quantity: number): Promise<{ message: Message; progress: () => Message }> {
  const message = await desk.ask(`/trade buy AMZN ${quantity}`);
  await tellMarket(desk, 'AMZN', { factor: 1.03 });
  await desk.press(BEN, message, 'approve');
  const progress = () => {
    const reply = desk.replies(message)[0];
    if (!reply) throw new Error('There is no progress.');
    return reply;
  };
  return { message, progress };
}

/** From the next minute on, the price is within the limit. @param shares that are sold in a minute */
async function comeBack(shares?: number): Promise<void> {
  await tellMarket(desk, 'AMZN', shares === undefined ? {} : { shares });
}

const pressCancel = async (person: string, { ts }: Message) => {
  const answer = await desk.slack.press(person, ts, 'trade-cancel-order');
  await desk.cloud.settled();
  return answer;
};

describe('an order that waits', () => {
  it('is shown in one reply with a button, and is filled when the price comes back', async () => {
    const { message, progress } = await waitingOrder(10);
    expect(progress().text).toMatch(
      /^:hourglass_flowing_sand: The order to buy 10 AMZN at USD.[\d.]+ or less is at the broker\. What is not filled by \d\d:\d\d UTC is cancelled\. /,
    );
    expect(hasButtons(progress())).toBe(true);
    expect(desk.now(message).text).toMatch(/^Approved: Buy 10 AMZN/);
    await comeBack();
    await desk.cloud.advance(2 * MINUTE);
    expect(desk.now(message).text).toMatch(/^Filled: Buy 10 AMZN\n.*Bought 10 AMZN at USD/);
    expect(desk.replies(message)).toMatchObject([
      { ts: progress().ts },
      { text: expect.stringMatching(/\*Filled.* Bought 10 AMZN at/) },
    ]);
    expect(hasButtons(progress())).toBe(false);
    expect(await desk.path(await desk.lastExecution())).toEqual(
      expect.arrayContaining(['Order Done?', 'Wait For Fill', 'Check Order']),
    );
  });

  it('tells of each part in the same reply, and ends partly filled', async () => {
    const { message, progress } = await waitingOrder(10);
    await comeBack(1);
    await desk.cloud.advance(2 * MINUTE);
    expect(progress().text).toMatch(/Bought [1-5] of 10 AMZN at USD.* The other [5-9] are cancelled if/);
    await desk.cloud.advance(4 * MINUTE);
    expect(desk.now(message).text).toMatch(
      /^Partly filled: .*\n.*Bought [2-6] of 10 AMZN at .* were not filled in time and were cancelled\./,
    );
    expect(desk.replies(message)).toHaveLength(2);
    expect(hasButtons(progress())).toBe(false);
    const { output = '{}' } = await desk.execution(await desk.lastExecution());
    expect(JSON.parse(output)).toMatchObject({ result: { outcome: 'partly' }, fill: { symbol: 'AMZN' } });
  });

  it('ends unfilled at the end of its time, and offers a new limit', async () => {
    const { message } = await waitingOrder(3);
    await desk.cloud.advance(6 * MINUTE);
    expect(desk.now(message).text).toMatch(/^Not filled: .*\n.*the ask of USD.* was above the limit of USD/);
    expect(JSON.stringify(desk.now(message).blocks)).toContain('"Resubmit, limit ');
    expect(await desk.path(await desk.lastExecution())).toContain('Cancel Order');
  });
});

describe('a person who cancels a waiting order', () => {
  it('may be its requester: the thread says who, and the order ends within a minute', async () => {
    const { message, progress } = await waitingOrder(4);
    await pressCancel(ANA, progress());
    expect(desk.privately(ANA).at(-1)).toMatch(/^The order is being cancelled/);
    expect(desk.replies(message)).toMatchObject([
      {},
      { text: '<@U0ANA> cancels the order. What was filled stays.' },
    ]);
    await pressCancel(BEN, progress());
    expect(desk.privately(BEN).at(-1)).toBe('<@U0ANA> is cancelling this order already.');
    expect(desk.replies(message)).toHaveLength(2);
    await desk.cloud.advance(MINUTE);
    expect(desk.now(message).text).toMatch(/^Not filled: .*\n.*The order was cancelled on request\./);
    expect(JSON.stringify(desk.now(message).blocks)).not.toContain('"Resubmit');
  });

  it('keeps what was filled before', async () => {
    const { message, progress } = await waitingOrder(10);
    await comeBack(1);
    await desk.cloud.advance(70_000);
    await pressCancel(CHLOE, progress());
    await desk.cloud.advance(MINUTE);
    expect(desk.now(message).text).toMatch(
      /^Partly filled: .*\n.*Bought [1-4] of 10 AMZN .* were cancelled on request\./,
    );
  });

  it('is refused if they are neither the requester nor an approver', async () => {
    const { message, progress } = await waitingOrder(2);
    await pressCancel(OUTSIDER, progress());
    expect(desk.privately(OUTSIDER).at(-1)).toBe(
      'Only the requester and the approvers can cancel this order.',
    );
    expect(desk.replies(message)).toHaveLength(1);
    await comeBack();
    await desk.cloud.advance(2 * MINUTE);
    expect(desk.now(message).text).toMatch(/^Filled: /);
  });

  it('may type the command, and hears if the order is over', async () => {
    const { message } = await waitingOrder(5);
    const name = (await desk.lastExecution()).split(':').at(-1);
    await desk.slack.say(OUTSIDER, `/trade cancel ${name}`);
    await desk.cloud.settled();
    expect(desk.privately(OUTSIDER).at(-1)).toBe(
      'Only the requester and the approvers can cancel this order.',
    );
    await desk.slack.say(CHLOE, `/trade cancel ${name}`);
    await desk.cloud.settled();
    expect(desk.privately(CHLOE).at(-1)).toMatch(/^The order is being cancelled/);
    await desk.cloud.advance(MINUTE);
    expect(desk.now(message).text).toMatch(/^Not filled: .*cancelled on request/s);
    await desk.slack.say(CHLOE, `/trade cancel ${name}`);
    await desk.cloud.settled();
    expect(desk.privately(CHLOE).at(-1)).toMatch(/approved/i);
  });
});

describe('/trade positions', () => {
  it('shows cash, positions and open orders to members of the channel, and to nobody else', async () => {
    await waitingOrder(6);
    await desk.slack.say(BEN, '/trade positions');
    await desk.cloud.settled();
    const text = desk.privately(BEN).at(-1) ?? '';
    expect(text).toMatch(/^\*Cash\* USD.[\d,.]+, of which USD.[\d,.]+ for open orders\n\*Positions\*/);
    expect(text).toContain('• NVDA: 1,000 shares');
    expect(text).toMatch(/\*Open orders\* \n• buy 6 AMZN, limit USD.[\d.]+, 0 filled$/);
    await desk.slack.say('U0IDA', '/trade positions');
    await desk.cloud.settled();
    expect(desk.privately('U0IDA').at(-1)).toBe('Only members of <#C0TRADING> can see the positions.');
    await desk.cloud.advance(6 * MINUTE);
  });
});

describe('an execution that is stopped while its order waits', () => {
  it('has its order cancelled, and its end says what had been filled', async () => {
    const { message, progress } = await waitingOrder(10);
    await comeBack(1);
    await desk.cloud.advance(70_000);
    const executionArn = await desk.lastExecution();
    await desk.sfn.send(new StopExecutionCommand({ executionArn, cause: 'Too risky' }));
    await desk.cloud.advance(MINUTE);
    expect(desk.now(message).text).toMatch(
      /^Cancelled: .*\n.*The execution was stopped: Too risky\. .*Bought [1-4] of 10 AMZN at USD.*, total USD.*, before that\./,
    );
    expect(hasButtons(progress())).toBe(false);
    await desk.redeliver('EndedExecutions');
    expect(desk.replies(message).filter(({ text }) => text.includes('Too risky'))).toHaveLength(1);
    await desk.sfn.send(new RedriveExecutionCommand({ executionArn }));
    await desk.cloud.advance(MINUTE);
    const { status, output = '{}' } = await desk.execution(executionArn);
    expect(status).toBe('SUCCEEDED');
    expect(JSON.parse(output)).toMatchObject({ result: { outcome: 'partly' } });
  });
});
