// One short day at the desk on which everything happens once, and what people and operators saw of it. The test of the
// grants lives it again and again, each time with one grant less.
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type LogEvent, startWorld, type World } from '../local/world.ts';
import type { Fill } from '../domain/trading/paper-account.ts';
import type { Cloud } from '../local/cloud/cloud.ts';
import { ANA, BEN, CHLOE, hasButtons, operator } from './trading-desk.ts';

/** The market of that day: for twenty minutes GOOGL is to be bought, and MSFT to be sold. */
const MORNING = new Date('2026-11-02T15:00:00Z');

/**
 * What was seen, a line a thing, without what differs from day to day: two days are alike if all that happened is.
 * Where the local cloud refuses to start, that is all there is to see.
 */
export async function tradingDay(assembly: string): Promise<readonly string[]> {
  const events: LogEvent[] = [];
  const log = (event: LogEvent) => events.push(event);
  let world: World;
  try {
    world = await startWorld({ assembly, port: 0, awsPort: 0, log, start: MORNING });
  } catch (error) {
    if (error instanceof Error && error.name === 'NotSupported') return [error.message];
    throw error;
  }
  try {
    const undone = await live(world);
    const lost = events.filter(({ event }) => event === 'message_dead_lettered').map(() => 'dead letter');
    const seen = [...undone, ...said(world), ...(await endings(world)), ...(await fills(world)), ...lost];
    return seen.map((line) => line.replaceAll(/\S*\d\S*/g, '#')).toSorted();
  } finally {
    await world.stop();
  }
}

/** Returns what could not be done, and what was last in the channel at moments that pass. */
async function live({ cloud, slack }: World): Promise<readonly string[]> {
  const undone: string[] = [];
  const look = () => undone.push(`then ${slack.messages().at(-1)?.text}`);
  const step = async (what: string, doing: () => Promise<unknown>): Promise<void> => {
    await doing().catch(() => undone.push(`could not ${what}`));
    await cloud.settled();
  };
  const press = (person: string, action: string) => {
    const asked = slack.messages().filter(({ threadTs }) => !threadTs);
    return slack.press(person, asked.at(-1)?.ts ?? '', action);
  };
  await step('ask to buy', () => slack.say(ANA, '/trade GOOGL 3'));
  await step('approve to buy', () => press(BEN, 'approve'));
  await step('ask to sell', () => slack.say(ANA, '/trade MSFT 3'));
  await step('approve to sell', () => press(BEN, 'approve'));
  await step('ask twice', () => redeliver(cloud, 'Requests'));
  await step('tell twice', () => redeliver(cloud, 'RelayedResults'));
  await step('ask for more', () => slack.say(ANA, '/trade AMZN 4'));
  await step('open the reason', () => press(CHLOE, 'decline'));
  await step('decline', () => slack.submit(CHLOE, { reason: 'Not today' }));
  await step('ask again', () => press(BEN, 'ask_again'));
  await step('ask for much', () => slack.say(ANA, '/trade GOOGL 300'));
  await step('approve as the first', () => press(BEN, 'approve'));
  slack.setGroup('S0RISK', []);
  slack.refuse('usergroups.users.list', 'ratelimited', { times: 1, retryAfterSeconds: 5 });
  await cloud.advance(305_000);
  look();
  await step('open to withdraw', () => press(ANA, 'decline'));
  slack.refuse('chat.postMessage', 'ratelimited', { times: 1, retryAfterSeconds: 5 });
  await step('withdraw', () => slack.submit(ANA, { reason: 'Nobody is there' }));
  await cloud.advance(5_000);
  look();
  slack.refuse('chat.postMessage', 'ratelimited', { times: 1, retryAfterSeconds: 5 });
  await step('ask at a busy time', () => slack.say(ANA, '/trade NVDA 2'));
  await cloud.advance(5_000);
  look();
  await step('ask for too much', () => slack.say(ANA, '/trade GOOGL 100000'));
  await step('read the audit', () => slack.say(CHLOE, '/trade audit 2026-11'));
  await step('start what fails', () => start(cloud, 'NOPE'));
  await step('stop', () => startAndStop(cloud, 'NVDA'));
  // All that waits expires, and what failed is tried until it is a dead letter.
  await cloud.advance(1_000_000);
  return undone;
}

async function redeliver(cloud: Cloud, queue: string): Promise<void> {
  const sqs = new SQSClient({ ...operator, endpoint: cloud.url });
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  sqs.destroy();
  await cloud.redeliver(QueueUrls.find((url) => url.includes(`SlackApprovals${queue}Queue`)) ?? '');
}

/** As an operator would, outside Slack. */
async function start(cloud: Cloud, symbol: string): Promise<string | undefined> {
  const stateMachineArn = cloud.outputs['StateMachineArn'];
  const input = JSON.stringify({ symbol });
  const { executionArn } = await states(cloud, (sfn) =>
    sfn.send(new StartExecutionCommand({ stateMachineArn, input })),
  );
  await cloud.settled();
  return executionArn;
}

async function startAndStop(cloud: Cloud, symbol: string): Promise<void> {
  const executionArn = await start(cloud, symbol);
  await states(cloud, (sfn) => sfn.send(new StopExecutionCommand({ executionArn })));
}

function said({ slack }: World): readonly string[] {
  const posted = slack.messages();
  const everyone = new Set(posted.map(({ ts }) => ts));
  const own = [ANA, BEN, CHLOE].flatMap((who) => slack.seenBy(who).filter(({ ts }) => !everyone.has(ts)));
  const direct = [ANA, BEN, CHLOE].flatMap((who) => slack.directMessages(who));
  const files = direct.flatMap((message) =>
    message.files.flatMap(({ content }) => String(content).split('\n')),
  );
  return [
    ...posted.map((message) => `${hasButtons(message) ? 'open' : 'said'} ${message.text}`),
    ...own.map(({ text }) => `privately ${text}`),
    ...direct.map(({ text }) => `directly ${text}`),
    ...files,
  ];
}

async function endings({ cloud }: World): Promise<readonly string[]> {
  const stateMachineArn = cloud.outputs['StateMachineArn'];
  const { executions = [] } = await states(cloud, (sfn) =>
    sfn.send(new ListExecutionsCommand({ stateMachineArn })),
  );
  return executions.map(({ status }) => `ended ${status}`);
}

async function states<Answer>(cloud: Cloud, ask: (sfn: SFNClient) => Promise<Answer>): Promise<Answer> {
  const sfn = new SFNClient({ ...operator, endpoint: cloud.url });
  try {
    return await ask(sfn);
  } finally {
    sfn.destroy();
  }
}

async function fills({ cloud }: World): Promise<readonly string[]> {
  const dynamodb = new DynamoDBClient({ ...operator, endpoint: cloud.url });
  const TableName = cloud.outputs['LedgerTable'];
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: { account: { S: 'paper' } } }));
  dynamodb.destroy();
  const all: readonly Fill[] = Item ? Object.values(unmarshall(Item)['fills']) : [];
  return all.map(({ side, symbol }) => `filled ${side} ${symbol}`);
}
