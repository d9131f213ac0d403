// Tests the whole loop through the front door: signed requests, the deployed bundles, and the synthesised wiring.
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  GetExecutionHistoryCommand,
  RedriveExecutionCommand,
  SendTaskSuccessCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FilledOrder, filledOrders } from '../../fault-injection/paper-orders.ts';
import { withEmptyAccount, withFailingTrade } from '../support/broker-account.ts';
import {
  ANA,
  BEN,
  CHLOE,
  hasButtons,
  openTradingDesk,
  operator,
  type TradingDesk,
} from '../support/trading-desk.ts';

let desk: TradingDesk;
let dynamodb: DynamoDBClient;

beforeAll(async () => {
  desk = await openTradingDesk();
  dynamodb = new DynamoDBClient({ ...operator, endpoint: desk.cloud.url });
});

afterAll(() => desk.stop());

describe('story', () => {
  it('asks, is approved, trades once, and posts the fill in the thread and the channel', async () => {
    const message = await desk.ask('/trade AMZN 10');
    expect(message.text).toMatch(
      /^Pending: (Buy|Sell) 10 AMZN, total USD.[0-9,.]+\nNeeds approval from <@U0BEN> or <@U0CHLOE> by /,
    );
    expect(hasButtons(message)).toBe(true);
    expect(desk.privately(ANA).at(-1)).toBe(
      'Checking: 10 AMZN. If it passes, the request appears in <#C0TRADING>. If not, you get a direct message.',
    );

    expect((await desk.press(BEN, message, 'approve')).status).toBe(200);

    expect(desk.now(message).text).toMatch(
      /^Filled: .*\nApproved by <@U0BEN> .*\. (Bought|Sold) 10 AMZN at USD./,
    );
    expect(hasButtons(desk.now(message))).toBe(false);
    const [reply, ...more] = desk.replies(message);
    expect(more).toEqual([]);
    expect(reply).toMatchObject({
      broadcast: true,
      text: expect.stringMatching(/\*Filled\.\* (Bought|Sold) 10 AMZN at USD./),
    });
    expect(desk.privately(BEN)).toEqual([]);

    const arn = await desk.lastExecution();
    const { status, output = '' } = await desk.execution(arn);
    expect(status).toBe('SUCCEEDED');
    expect(JSON.parse(output)).toMatchObject({
      symbol: 'AMZN',
      requestedBy: ANA,
      approval: { outcome: 'approved', by: BEN },
      fill: { quantity: 10 },
    });
    const side = message.text.includes('Buy') ? 'Buy Stock' : 'Sell Stock';
    expect(await desk.path(arn)).toEqual([
      'Check Stock Price',
      'Generate Buy/Sell recommendation',
      'Pre-Trade Check',
      'Request Human Approval',
      'Buy or Sell?',
      side,
      'Order Done?',
      'Report Result',
    ]);
    expect(await fills()).toEqual([expect.objectContaining({ symbol: 'AMZN', filled: 10 })]);
  });

  it('lets the first of two presses decide and tells the second person the status', async () => {
    const message = await desk.ask('/trade NVDA 3');
    const before = (await fills()).length;
    const answers = await Promise.all([
      desk.slack.press(BEN, message.ts, 'approve'),
      desk.slack.press(BEN, message.ts, 'approve'),
      desk.slack.press(CHLOE, message.ts, 'approve'),
    ]);
    await desk.cloud.settled();
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { text } = desk.now(message);
    const told = [...desk.privately(BEN), ...desk.privately(CHLOE)].filter((word) => word.includes('NVDA'));
    expect(told).toHaveLength(2);
    for (const word of told)
      expect(word).toMatch(
        /^Already decided\. (Approved|Filled): \*(Buy|Sell) 3 NVDA, total USD.* <http.*\|Open the message>$/s,
      );
    expect(desk.replies(message)).toHaveLength(1);
    expect((await fills()).length - before).toBe(text.includes('pproved') ? 1 : 0);
  });

  it('ends without a trade when declined', async () => {
    const before = await fills();
    const message = await desk.ask('/trade MSFT');
    await desk.decline(CHLOE, message, 'Not before earnings');
    expect(desk.now(message).text).toMatch(/^Declined: .*\nDeclined by <@U0CHLOE> .*: “Not before earnings”/);
    expect(desk.replies(message)).toMatchObject([
      { text: expect.stringContaining('by <@U0CHLOE>. Nothing was done.') },
    ]);
    expect(desk.replies(message)[0]?.broadcast ?? false).toBe(false);
    const arn = await desk.lastExecution();
    expect(await desk.path(arn)).toEqual([
      'Check Stock Price',
      'Generate Buy/Sell recommendation',
      'Pre-Trade Check',
      'Request Human Approval',
      'Buy or Sell?',
      'Report Result',
    ]);
    expect(await fills()).toEqual(before);
  });

  it('refuses a press within five seconds of the deadline privately, and then expires', async () => {
    const message = await desk.ask('/trade AAPL 2');
    await desk.cloud.advance(900_000 - 4_000);
    await desk.press(BEN, message, 'approve');
    expect(desk.privately(BEN).at(-1)).toMatch(
      /^Your press came too late, and nothing was decided: the time for \*(Buy|Sell) 2 AAPL, total USD/,
    );
    await desk.cloud.advance(4_000);
    expect(desk.now(message).text).toMatch(/^Expired: .*\nNobody decided in time/);
    expect(desk.replies(message).at(-1)?.text).toContain('Nobody decided in time; nothing was done.');
    const path = await desk.path(await desk.lastExecution());
    expect(path.slice(-3)).toEqual(['Approval Expired', 'Buy or Sell?', 'Report Result']);
  });

  it('posts that an approved order could not be placed, and why', async () => {
    const message = await desk.ask('/trade TSLA 5');
    const before = await fills();
    await withEmptyAccount(desk.cloud, 'TSLA', () => desk.press(BEN, message, 'approve'));
    expect(desk.now(message).text).toMatch(
      /^Not filled: .*\nApproved by <@U0BEN> .* Insufficient (cash: needs USD.[\d.]+, has USD.0\.00|position: no TSLA held)\./,
    );
    expect(desk.replies(message)).toMatchObject([
      { text: expect.stringMatching(/\*Not filled: (Buy|Sell) 5 TSLA, total USD.*\* Insufficient /) },
    ]);
    const { status, output = '' } = await desk.execution(await desk.lastExecution());
    expect(status).toBe('SUCCEEDED');
    expect(JSON.parse(output)).toMatchObject({ result: { outcome: 'unfilled' } });
    expect(JSON.parse(output)).not.toHaveProperty('fill');
    expect(await fills()).toEqual(before);
  });

  it('does not trade on an approval of an hour ago when the failed execution is redriven', async () => {
    const message = await desk.ask('/trade TSLA 4');
    const before = await fills();
    await withFailingTrade(desk, () => desk.press(BEN, message, 'approve'));
    const executionArn = await desk.lastExecution();
    expect(await desk.execution(executionArn)).toMatchObject({ status: 'FAILED' });
    await desk.cloud.advance(61 * 60_000);
    await desk.sfn.send(new RedriveExecutionCommand({ executionArn }));
    await desk.cloud.settled();
    expect(await fills()).toEqual(before);
    expect(await desk.execution(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(desk.now(message).text).toMatch(/^Not filled: .*The approval is too old: it is older/s);
    expect(JSON.stringify(desk.now(message).blocks)).toContain('"Resubmit"');
  });

  it('asks for an execution started outside Slack, says so, and needs one more approval', async () => {
    const arn = await desk.start({ symbol: 'NVDA' });
    const message = lastPost();
    expect(JSON.stringify(message?.blocks)).toContain('Started');
    if (!message) throw new Error('not asked');
    await desk.press(BEN, message, 'approve');
    expect(desk.now(message).text).toMatch(/^1 of 2 approvals: /m);
    await desk.press(CHLOE, message, 'approve');
    expect(await desk.execution(arn)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('posts once that an execution failed before anyone was asked, and trusts no result in its input', async () => {
    const arn = await desk.start({
      symbol: 'AMZN',
      quantity: 0,
      approval: { outcome: 'expired' },
      result: { outcome: 'done' },
    });
    const about = () =>
      desk.slack.messages().filter(({ text }) => text.includes('quantity must be a whole number'));
    expect(about()).toMatchObject([
      { text: expect.stringContaining(`Execution \`${arn.split(':').at(-1)}\``) },
    ]);
    await desk.redeliver('EndedExecutions');
    await desk.redeliver('RelayedResults');
    expect(about()).toHaveLength(1);
  });

  it('posts once that an execution was refused before anyone was asked, and trusts no decision in its input', async () => {
    await desk.start({ symbol: 'NOPE', approval: { outcome: 'expired' }, result: { outcome: 'done' } });
    await desk.redeliver('RelayedResults');
    const about = desk.slack.messages().filter(({ text }) => text.includes('NOPE is not a symbol'));
    expect(about.map(({ text }) => text)).toEqual([expect.stringMatching(/^:no_entry_sign: \*Refused\.\*/)]);
  });

  it('asks people even if the input of an execution has a result', async () => {
    const result = { outcome: 'done', label: 'Filled', text: 'Bought 1,000,000 AMZN.' };
    const arn = await desk.start({ symbol: 'AMZN', quantity: 12, result });
    expect(lastPost()?.text).toMatch(/^Pending: (Buy|Sell) 12 AMZN, total USD/);
    expect(await desk.path(arn)).toContain('Request Human Approval');
    expect(JSON.stringify(desk.slack.messages())).not.toContain('Bought 1,000,000 AMZN');
    await desk.sfn.send(new StopExecutionCommand({ executionArn: arn }));
    await desk.cloud.settled();
  });

  it('posts a failed execution even if its input has the maximum size', async () => {
    const before = desk.slack.messages().length;
    await desk.start(Array.from({ length: 40_000 }, () => 1));
    expect(desk.slack.messages().slice(before)).toMatchObject([
      { text: expect.stringContaining('*Failed.* symbol is missing.') },
    ]);
  });

  it('says that nothing was traded if it is stopped after the decision, before the order', async () => {
    const message = await desk.ask('/trade GOOGL 2');
    const stopping = desk.slack.press(BEN, message.ts, 'approve');
    await desk.entered('Buy or Sell?');
    await desk.sfn.send(
      new StopExecutionCommand({ executionArn: await desk.lastExecution(), cause: 'Too fast' }),
    );
    await stopping;
    await desk.cloud.settled();
    expect(desk.now(message).text).toMatch(
      /^Cancelled: .*\nApproved by <@U0BEN> .*The execution was stopped: Too fast\. .*Nothing was traded\./,
    );
  });

  it('shows a stopped execution as cancelled and refuses presses', async () => {
    const arn = await desk.start({ symbol: 'GOOGL', quantity: 4 });
    const message = lastPost();
    if (!message) throw new Error('not asked');
    await desk.sfn.send(new StopExecutionCommand({ executionArn: arn, cause: 'The desk is closed' }));
    await desk.cloud.settled();
    expect(desk.now(message).text).toMatch(/^Cancelled: .*\nThe execution was stopped/);
    expect(hasButtons(desk.now(message))).toBe(false);
    expect(desk.replies(message)).toMatchObject([
      { text: expect.stringContaining('The execution was stopped: The desk is closed.') },
    ]);
  });

  it('does not trade if a token was answered without a recorded decision', async () => {
    const before = await fills();
    const arn = await desk.start({ symbol: 'AMZN', quantity: 5 });
    const message = lastPost();
    if (!message) throw new Error('not asked');
    const { execution, id } = await approvalOf(arn);
    const output = JSON.stringify({
      outcome: 'approved',
      id,
      by: BEN,
      at: new Date(desk.clock.now()).toISOString(),
    });
    await desk.sfn.send(new SendTaskSuccessCommand({ taskToken: await tokenOf(arn), output }));
    await desk.cloud.settled();
    expect(execution).toBe(arn.split(':').at(-1));
    expect(await desk.execution(arn)).toMatchObject({ status: 'FAILED', error: 'NotApproved' });
    expect(desk.replies(message)).toMatchObject([
      { text: expect.stringContaining('No recorded decision approves this order to') },
    ]);
    expect(await fills()).toEqual(before);
  });

  it('fails with a named error if the token is answered with an invalid decision', async () => {
    const arn = await desk.start({ symbol: 'AMZN', quantity: 6 });
    await desk.sfn.send(new SendTaskSuccessCommand({ taskToken: await tokenOf(arn), output: '"approved"' }));
    await desk.cloud.settled();
    expect(await desk.execution(arn)).toMatchObject({ status: 'FAILED', error: 'DecisionNotUnderstood' });
  });

  it('posts once if the queue delivers twice, before and after the press', async () => {
    const message = await desk.ask('/trade AMZN 8');
    const asked = () => desk.slack.messages().filter(({ text }) => /(Buy|Sell) 8 AMZN/.test(text));
    await desk.redeliver('Requests');
    expect(asked()).toHaveLength(1);
    await desk.press(BEN, message, 'approve');
    await desk.redeliver('Requests');
    await desk.redeliver('RelayedResults');
    expect(desk.replies(message)).toHaveLength(1);
    expect(hasButtons(desk.now(message))).toBe(false);
  });

  it('moves an invalid record to the dead letters after its attempts and posts the others', async () => {
    const requests = await desk.queueUrl('RequestsQueue');
    const good = await desk.start({ symbol: 'MSFT', quantity: 7 });
    const { execution, ...rest } = await approvalOf(good);
    expect(rest.status).toBe('pending');
    for (const body of ['{"no":"token"}', 'no JSON'])
      await desk.sqs.send(new SendMessageCommand({ QueueUrl: requests, MessageBody: body }));
    const message = await desk.ask('/trade MSFT 9');
    expect(message.text).toContain('9 MSFT');
    await desk.cloud.advance(10 * 121_000);
    const { Attributes } = await desk.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: await desk.queueUrl('RequestsDeadLetters'),
        AttributeNames: ['ApproximateNumberOfMessages'],
      }),
    );
    expect(Attributes?.['ApproximateNumberOfMessages']).toBe('2');
    expect(execution).toBe(good.split(':').at(-1));
  });

  it('starts one execution and decides once if Slack delivers a command and a press twice', async () => {
    const asked = () =>
      desk.slack.messages().filter(({ text, threadTs }) => !threadTs && /(Buy|Sell) 11 AMZN/.test(text));
    const message = await desk.ask('/trade AMZN 11');
    expect((await desk.slack.redeliver()).status).toBe(200);
    await desk.cloud.settled();
    expect(asked()).toHaveLength(1);
    const before = (await fills()).length;
    await desk.press(BEN, message, 'approve');
    expect((await desk.slack.redeliver()).status).toBe(200);
    await desk.cloud.settled();
    expect((await fills()).length - before).toBe(1);
    expect(desk.replies(message)).toHaveLength(1);
  });

  it('answers /trade help with the list of commands', async () => {
    await desk.slack.say(CHLOE, '/trade help');
    expect(desk.privately(CHLOE).at(-1)).toContain('`/trade` opens a form');
  });

  it.each(['/trade NOPE 1', '/trade AMZN 0', '/trade AMZN 1 2', '/trade <!channel>'])(
    'refuses %s privately with an example and starts nothing',
    async (command) => {
      const before = await desk.lastExecution();
      await desk.slack.say(CHLOE, command);
      await desk.cloud.settled();
      expect(desk.privately(CHLOE).at(-1)).toMatch(/For example: `\/trade buy AMZN 10`$/);
      expect(await desk.lastExecution()).toBe(before);
    },
  );
});

function lastPost() {
  return desk.slack
    .messages()
    .filter(({ threadTs }) => !threadTs)
    .at(-1);
}

async function fills(): Promise<readonly FilledOrder[]> {
  const TableName = desk.cloud.outputs['LedgerTable'];
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName }));
  return filledOrders(Items.map((item) => unmarshall(item)));
}

async function approvalOf(executionArn: string) {
  const { Items = [] } = await dynamodb.send(
    new ScanCommand({ TableName: desk.cloud.outputs['ApprovalsTable'] }),
  );
  const execution = executionArn.split(':').at(-1);
  const found = Items.map((item) => unmarshall(item)).find(
    (item) => item['execution'] === execution && item['taskToken'],
  );
  if (!found) throw new Error(`No approval of ${execution}`);
  return found;
}

async function tokenOf(executionArn: string): Promise<string> {
  const { events = [] } = await desk.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
  const parameters = events
    .map(({ taskScheduledEventDetails }) => taskScheduledEventDetails?.parameters)
    .find(Boolean);
  return JSON.parse(parameters ?? '{}').MessageBody.TaskToken;
}
