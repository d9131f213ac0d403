// Tests that a trade whose terms were changed between the request, the press and the order is not placed, whichever member
// was changed, and wherever.
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestTerms } from '../../domain/terms.ts';
import { decideUnsent } from '../support/edit-approval.ts';
import { storedApproval } from '../support/stored-approval.ts';
import { BEN, CHLOE, openTradingDesk, operator, type TradingDesk } from '../support/trading-desk.ts';

let desk: TradingDesk;
let dynamodb: DynamoDBClient;
beforeAll(async () => {
  desk = await openTradingDesk();
  dynamodb = new DynamoDBClient({ ...operator, endpoint: desk.cloud.url });
});
afterAll(async () => {
  dynamodb.destroy();
  await desk.stop();
});

/** Every member of the terms with another value. For the quantity and the limit, one that allows more. */
const changes: readonly (readonly [member: string, change: object])[] = [
  ['version', { version: 3 }],
  ['side', { side: 'sell' }],
  ['symbol', { symbol: 'NVDA' }],
  ['quantity', { quantity: 11 }],
  ['limitPrice', { limitPrice: '9999.00' }],
  ['timeInForce', { timeInForce: 'day' }],
  ['account', { account: 'other' }],
  ['requester', { requester: 'U0DANA' }],
  ['an added member', { more: true }],
];

async function ask() {
  const message = await desk.ask('/trade buy AMZN 10 ioc');
  const executionArn = await desk.lastExecution();
  return { message, executionArn, record: await storedApproval(desk.cloud, executionArn) };
}

/** Changes the record as somebody could who may write to the table. */
async function changeRecord(
  { execution, id, terms }: Record<string, any>,
  change: object,
  withDigest: boolean,
) {
  const changed = digestTerms({ ...JSON.parse(terms.json), ...change });
  const stored = withDigest ? changed : { ...changed, digest: terms.digest };
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: desk.cloud.outputs['ApprovalsTable'],
      Key: marshall({ execution, id }),
      UpdateExpression: 'SET terms = :terms',
      ExpressionAttributeValues: marshall({ ':terms': stored }),
    }),
  );
}

async function tradesOf(executionArn: string): Promise<number> {
  const { events = [] } = await desk.sfn.send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }),
  );
  return events.filter(({ taskSucceededEventDetails }) =>
    taskSucceededEventDetails?.output?.includes('"fill"'),
  ).length;
}

describe.each(changes)('a changed %s', (_member, change) => {
  // One person may start thirty executions an hour.
  afterAll(() => desk.cloud.advance(30 * 60_000));

  it('in the record with its digest refuses the press', async () => {
    const { message, executionArn, record } = await ask();
    await changeRecord(record, change, true);
    await desk.press(BEN, message, 'approve');
    expect((await desk.execution(executionArn)).status).toBe('RUNNING');
    expect((await storedApproval(desk.cloud, executionArn))['votes']).toEqual({});
  });

  it('in the record without its digest trades nothing', async () => {
    const { message, executionArn, record } = await ask();
    await changeRecord(record, change, false);
    await desk.press(CHLOE, message, 'approve');
    expect(await desk.execution(executionArn)).toMatchObject({ status: 'FAILED', error: 'NotApproved' });
    expect(await tradesOf(executionArn)).toBe(0);
  });

  it('in the record after the decision trades nothing', async () => {
    const { executionArn, record } = await ask();
    await decideUnsent(desk.cloud, executionArn, record['askedAt']);
    await changeRecord(record, change, true);
    await desk.cloud.advance(120_000);
    expect(await desk.execution(executionArn)).toMatchObject({ status: 'FAILED', error: 'NotApproved' });
    expect(await tradesOf(executionArn)).toBe(0);
  });

  it('in a second message of the queue changes nothing', async () => {
    const { message, executionArn, record } = await ask();
    const terms = { ...JSON.parse(record['terms'].json), ...change };
    const { input = '' } = await waiting(executionArn);
    const { MessageBody, QueueUrl } = JSON.parse(input);
    const body = {
      ...MessageBody,
      Input: { ...MessageBody.Input, terms, request: { ...record['request'], terms } },
    };
    await desk.sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: JSON.stringify({ ...body, TaskToken: record['taskToken'] }),
      }),
    );
    await desk.cloud.settled();
    await desk.press(BEN, message, 'approve');
    const output = JSON.parse((await desk.execution(executionArn)).output ?? '{}');
    expect(output.fill).toMatchObject({ side: 'buy', symbol: 'AMZN', quantity: 10 });
    expect(output.terms).toEqual(JSON.parse(record['terms'].json));
  });
});

/** Returns the message that the state sent to the queue, as JSON. */
async function waiting(executionArn: string) {
  const { events = [] } = await desk.sfn.send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }),
  );
  const scheduled = events.find(
    ({ taskScheduledEventDetails }) => taskScheduledEventDetails?.resourceType === 'sqs',
  );
  return { input: scheduled?.taskScheduledEventDetails?.parameters };
}
