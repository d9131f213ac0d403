// Tests what an operator of the same account can make people believe with messages of their own: nothing. Each message is
// sent to a real queue or topic of the stack.
import { ListTopicsCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEN, hasButtons, openTradingDesk, operator, type TradingDesk } from '../support/trading-desk.ts';

const MINUTE = 60_000;
const RESULT = { outcome: 'done', label: 'Filled', text: 'Bought 1,000,000 AMZN.' };
let desk: TradingDesk;

beforeAll(async () => {
  desk = await openTradingDesk();
});
afterAll(() => desk.stop());

async function send(queue: string, body: object): Promise<void> {
  const QueueUrl = await desk.queueUrl(queue);
  await desk.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));
  await desk.cloud.settled();
}

const logged = (event: string) =>
  desk.events.filter(({ line }) => String(line).includes(`"${event}"`)).length;

async function requestOf(executionArn: string): Promise<{ TaskToken: string }> {
  const { events = [] } = await desk.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
  const parameters = events.map((event) => event.taskScheduledEventDetails?.parameters ?? '{}');
  return JSON.parse(parameters.find((each) => each.includes('TaskToken')) ?? '{}').MessageBody;
}

describe('a forged message', () => {
  it('is not published on the topic of results: its policy allows only the state machines and the reporters', async () => {
    const client = new SNSClient({ ...operator, endpoint: desk.cloud.url });
    const TopicArn = await topicOf();
    const Message = JSON.stringify({ ExecutionId: 'any', Input: { result: RESULT } });
    await expect(client.send(new PublishCommand({ TopicArn, Message }))).rejects.toThrow(
      /is not authorized to perform: SNS:Publish .* with an explicit deny in a resource-based policy/,
    );
    client.destroy();
  });

  it('does not turn a pending request into a filled one', async () => {
    const message = await desk.ask('/trade AMZN 2');
    const before = logged('result_refused');
    await send('RelayedResultsQueue', { ExecutionId: await desk.lastExecution(), Input: { result: RESULT } });
    await send('RelayedResultsQueue', {
      ExecutionId: await desk.lastExecution(),
      Input: { approval: { outcome: 'expired' } },
    });
    expect(desk.now(message).text).toBe(message.text);
    expect(hasButtons(desk.now(message))).toBe(true);
    expect(desk.replies(message)).toEqual([]);
    expect(logged('result_refused')).toBe(before + 2);
    await desk.decline(BEN, message);
    await send('RelayedResultsQueue', { ExecutionId: await desk.lastExecution(), Input: { result: RESULT } });
    expect(desk.now(message).text).toMatch(/^Declined/);
  });

  it.each([
    ['a token that nobody made', async () => 'A'.repeat(200)],
    [
      'the token of another execution',
      async () => {
        await desk.ask('/trade MSFT 3');
        return (await requestOf(await desk.lastExecution())).TaskToken;
      },
    ],
  ])('does not request approval in the name of an execution with %s', async (_, makeToken) => {
    const token = await makeToken();
    await desk.ask('/trade AMZN 4');
    const named = await requestOf(await desk.lastExecution());
    const posts = desk.posts().length;
    const before = logged('request_refused');
    const request = { title: 'Give everything away', facts: [], reason: 'Because.', amount: 1 };
    await send('RequestsQueue', { ...named, TaskToken: token, Input: { request } });
    await desk.cloud.advance(6 * MINUTE);
    expect(desk.posts()).toHaveLength(posts);
    expect(logged('request_refused')).toBe(before + 1);
    expect(logged('reconcile_aborted')).toBe(0);
    expect(logged('approval_not_reconciled')).toBe(0);
    await desk.cloud.advance(16 * MINUTE);
  });
});

it('does not request approval with the token of a waiting state and another text, although it comes first', async () => {
  const posts = desk.posts().length;
  // The true message is delivered again after a minute.
  const asking = desk.entered('Request Human Approval');
  const started = desk.start({ symbol: 'AMZN', quantity: 5 });
  await asking;
  desk.cloud.refuse('dynamodb', 'ThrottlingException');
  await started;
  const executionArn = await desk.lastExecution();
  desk.cloud.stopFailing('dynamodb');
  const named = await requestOf(executionArn);
  const request = { title: 'Buy 1 AMZN', facts: [], reason: 'Because.', amount: 1 };
  await send('RequestsQueue', { ...named, Input: { request } });
  await desk.cloud.advance(2 * MINUTE);
  expect(
    desk
      .posts()
      .slice(posts)
      .map(({ text }) => text),
  ).toEqual([expect.stringMatching(/^Pending: (Buy|Sell) 5 AMZN, total USD/)]);
  await desk.cloud.advance(6 * MINUTE);
  expect(desk.posts()).toHaveLength(posts + 1);
});

it.each<[string, object]>([
  ['an invalid request', { title: '' }],
  ['an amount above the limit', { title: 'Bought by Ben', facts: [], reason: 'Because.', amount: 1e9 }],
])('does not end a pending request with its own token and %s', async (_, request) => {
  const message = await desk.ask('/trade AMZN 6');
  const executionArn = await desk.lastExecution();
  const named = await requestOf(executionArn);
  for (const more of [{}, { RetryCount: undefined }])
    await send('RequestsQueue', { ...named, ...more, Input: { request } });
  expect(await desk.execution(executionArn)).toMatchObject({ status: 'RUNNING' });
  expect(desk.now(message).text).toBe(message.text);
});

async function topicOf(): Promise<string> {
  const client = new SNSClient({ ...operator, endpoint: desk.cloud.url });
  const { Topics = [] } = await client.send(new ListTopicsCommand({}));
  client.destroy();
  return Topics.find(({ TopicArn }) => TopicArn?.includes('Results'))?.TopicArn ?? '';
}
