// A short day on which every kind of event happens once, and what people and operators see of it. The tests of grants
// run it repeatedly, each time without one grant.
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type LogEvent, startWorld, type World } from '../../local/world.ts';
import { filledOrders } from '../../fault-injection/paper-orders.ts';
import type { Cloud } from '../../local/cloud/index.ts';
import { cancelUnstopped, decideUnsent, forgetEnd, recordResubmitted } from './edit-approval.ts';
import { attemptForbidden, copiedEntries } from './forbidden.ts';
import { tellMarket } from './market.ts';
import { ANA, BEN, CHLOE, hasButtons, operator } from './trading-desk.ts';

/** The market of that day: for twenty minutes GOOGL is to be bought, and MSFT to be sold. */
const MORNING = new Date('2026-11-02T15:00:00Z');

/** What happens in one part of the day, a thing after the other. */
type Part = (desk: Desk) => AsyncGenerator<void, void>;

interface Desk extends World {
  /** Does it, or notes that it could not be done. */
  readonly step: (what: string, doing: () => Promise<unknown>) => Promise<void>;
  /** Presses that button of the last message in the channel. */
  readonly press: (person: string, action: string) => Promise<unknown>;
  readonly note: (lines: readonly string[]) => void;
  /** Notes what is last in the channel at a moment that passes. */
  readonly look: () => void;
}

/**
 * What was seen after each thing that happened that day, a line a thing, without what differs from day to day: two days
 * are alike if all that happened is. Where the local cloud refuses to start, that is all there is to see.
 */
export async function* tradingDay(assembly: string): AsyncGenerator<readonly string[], void> {
  const events: LogEvent[] = [];
  const log = (event: LogEvent) => events.push(event);
  let world: World;
  try {
    world = await startWorld({ assembly, port: 0, awsPort: 0, log, start: MORNING });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'NotSupported')) throw error;
    return yield [error.message];
  }
  const noted: string[] = [];
  const desk = deskOf(world, noted);
  try {
    for (const part of [morning, noon, afternoon, evening]) {
      for await (const _happened of part(desk)) {
        const lost = events.filter(({ event }) => event === 'message_dead_lettered').map(() => 'dead letter');
        const seen = [
          ...noted,
          ...said(world),
          ...(await completions(world)),
          ...(await fills(world)),
          ...lost,
        ];
        yield seen.map((line) => line.replaceAll(/\S*\d\S*/g, '#')).toSorted();
      }
    }
  } finally {
    await world.stop();
  }
}

function deskOf(world: World, noted: string[]): Desk {
  const { cloud, slack } = world;
  return {
    ...world,
    step: async (what, doing) => {
      await doing().catch(() => noted.push(`could not ${what}`));
      await cloud.settled();
    },
    press: (person, action) => {
      const asked = slack.messages().filter(({ threadTs }) => !threadTs);
      return slack.press(person, asked.at(-1)?.ts ?? '', action);
    },
    note: (lines) => void noted.push(...lines),
    look: () => void noted.push(`then ${slack.messages().at(-1)?.text}`),
  };
}

/** Bought, sold, declined, asked again, failed, stopped. */
const morning: Part = async function* morning({ cloud, slack, step, press }) {
  yield await step('ask to buy', () => slack.say(ANA, '/trade GOOGL 3'));
  yield await step('approve to buy', () => press(BEN, 'approve'));
  yield await step('ask to sell', () => slack.say(ANA, '/trade MSFT 3'));
  yield await step('approve to sell', () => press(BEN, 'approve'));
  yield await step('ask twice', () => redeliver(cloud, 'Requests'));
  yield await step('tell twice', () => redeliver(cloud, 'RelayedResults'));
  yield await step('ask for more', () => slack.say(ANA, '/trade MSFT 4'));
  yield await step('open the reason', () => press(CHLOE, 'decline'));
  yield await step('decline', () => slack.submit(CHLOE, { reason: 'Not today' }));
  yield await step('ask again', () => press(BEN, 'resubmit'));
  yield await step('start what fails', () => start(cloud, 'MSFT', { quantity: 0 }));
  yield await step('stop', () => startAndStop(cloud, 'MSFT'));
  yield await step('ask for too much', () => slack.say(ANA, '/trade GOOGL 100000'));
  yield await step('cancel', () => cancelLast(cloud, slack));
  yield await step('read the audit', () => slack.say(CHLOE, '/trade audit 2026-11'));
  yield await step('look what waits', () => slack.say(CHLOE, '/trade pending'));
  yield await step('open Home', () => slack.openHome(CHLOE));
  yield await step('go out', () => goOut(slack));
};

/** A group that is emptied, a Slack that wants no more for now, a topic that is away. */
const noon: Part = async function* noon({ cloud, slack, step, press, look }) {
  yield await step('ask for much', () => slack.say(ANA, '/trade GOOGL 300'));
  yield await step('approve as the first', () => press(BEN, 'approve'));
  slack.setGroup('S0RISK', []);
  slack.refuse('usergroups.users.list', 'ratelimited', { times: 1, retryAfterSeconds: 5 });
  await cloud.advance(430_000);
  look();
  yield;
  yield await step('open to withdraw', () => press(ANA, 'decline'));
  slack.refuse('chat.postMessage', 'ratelimited', { times: 1, retryAfterSeconds: 5 });
  yield await step('withdraw', () => slack.submit(ANA, { reason: 'Nobody is there' }));
  await cloud.advance(60_000);
  look();
  yield;
  cloud.refuse('SNS');
  yield await step('fail while the topic is away', () => start(cloud, 'MSFT', { quantity: 0 }));
  cloud.stopFailing('SNS');
  await cloud.advance(61_000);
  look();
  yield;
  slack.refuse('chat.postMessage', 'ratelimited', { times: 1, retryAfterSeconds: 5 });
  yield await step('ask at a busy time', () => slack.say(ANA, '/trade MSFT 2'));
  await cloud.advance(60_000);
  look();
  yield;
};

/** Orders wait at the broker: one is filled in part and cancelled by a person, one is left alone, one loses its execution. */
const afternoon: Part = async function* afternoon({ cloud, clock, slack, step, press, look }) {
  const waiting = async (what: string, side: 'buy' | 'sell' = 'buy') => {
    // The limit is that of the usual price, and the price moves beyond it afterwards.
    await tellMarket({ cloud, clock }, 'MSFT', {});
    await step(`ask for ${what}`, () => slack.say(ANA, `/trade ${side} MSFT 20`));
    await tellMarket({ cloud, clock }, 'MSFT', { factor: side === 'buy' ? 1.03 : 0.97 });
    await step(`approve ${what}`, () => press(BEN, 'approve'));
    await cloud.advance(1_000);
  };
  await waiting('what is cancelled');
  yield;
  yield await step('look at the positions', () => slack.say(CHLOE, '/trade positions'));
  await tellMarket({ cloud, clock }, 'MSFT', { shares: 2 });
  await cloud.advance(120_000);
  look();
  yield;
  yield await step('cancel the order', () => pressCancel(slack));
  await cloud.advance(61_000);
  look();
  yield;
  await waiting('what nobody buys', 'sell');
  await cloud.advance(400_000);
  look();
  yield;
  await waiting('what is filled later');
  await tellMarket({ cloud, clock }, 'MSFT', {});
  await cloud.advance(150_000);
  look();
  yield;
  await waiting('what is stopped');
  yield await step('stop what waits', () => stopLast(cloud));
  await cloud.advance(61_000);
  look();
  await tellMarket({ cloud, clock }, 'MSFT', {});
  yield;
};

/** What was left half done is put right, and all that waits expires; what failed is tried until it is a dead letter. */
const evening: Part = async function* evening({ cloud, step, note }) {
  yield await step('decide and die', () => halfDone(cloud, (arn, at) => decideUnsent(cloud, arn, at)));
  yield await step('cancel and die', () =>
    halfDone(cloud, (arn, at) => cancelUnstopped(cloud, arn, ANA, at)),
  );
  const forgotten = await start(cloud, 'GOOGL');
  await cloud.advance(1_000_000);
  yield;
  yield await step('forget an end', () => forgetEnd(cloud, forgotten ?? ''));
  // The reconciler waits 15 minutes for the workflow's own report, and doubles the time between its checks.
  await cloud.advance(2_000_000);
  yield;
  yield await step('resubmit and die', () => recordResubmitted(cloud, forgotten ?? '', BEN));
  await cloud.advance(120_000);
  note(await copiedEntries(cloud));
  yield;
  // Pre-Trade Check has the limit of the deployment, so only a limit that somebody lowered refuses the request itself.
  yield await step('lower the limit', () => lowerLimit(cloud));
  // Longer than the functions cache a parameter.
  await cloud.advance(400_000);
  yield await step('ask above the limit', () => start(cloud, 'MSFT'));
  note(await attemptForbidden(cloud));
  await cloud.settled();
  yield;
};

async function redeliver(cloud: Cloud, queue: string): Promise<void> {
  const sqs = new SQSClient({ ...operator, endpoint: cloud.url });
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  sqs.destroy();
  await cloud.redeliver(QueueUrls.find((url) => url.includes(`SlackApprovals${queue}Queue`)) ?? '');
}

/** As an operator would, outside Slack. */
async function start(cloud: Cloud, symbol: string, others: object = {}): Promise<string | undefined> {
  const stateMachineArn = cloud.outputs['StateMachineArn'];
  const input = JSON.stringify({ symbol, ...others });
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

async function stopLast(cloud: Cloud): Promise<void> {
  const stateMachineArn = cloud.outputs['StateMachineArn'];
  await states(cloud, async (sfn) => {
    const { executions = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    await sfn.send(new StopExecutionCommand({ executionArn: executions[0]?.executionArn }));
  });
}

async function pressCancel(slack: World['slack']): Promise<void> {
  const reply = slack.messages().findLast((message) => message.threadTs && hasButtons(message));
  await slack.press(ANA, reply?.ts ?? '', 'trade-cancel-order');
}

async function lowerLimit({ url }: Cloud): Promise<void> {
  const ssm = new SSMClient({ ...operator, endpoint: url });
  const Name = '/countersign/dev/policies/default';
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
  const policy = { ...JSON.parse(Parameter?.Value ?? ''), tiers: [{ upToUsd: 1, approvals: 1 }] };
  await ssm.send(new PutParameterCommand({ Name, Value: JSON.stringify(policy), Overwrite: true }));
  ssm.destroy();
}

async function cancelLast(cloud: Cloud, slack: World['slack']): Promise<void> {
  const arn = await start(cloud, 'MSFT');
  await slack.say(CHLOE, `/trade cancel ${arn?.split(':').at(-1)}`);
  await slack.submit(CHLOE, { reason: 'Lunch' });
}

async function goOut(slack: World['slack']): Promise<void> {
  await slack.press(CHLOE, slack.home(CHLOE)?.id ?? '', 'settings');
  await slack.submit(CHLOE, { until: '2026-12-31', delegate: 'U0DANA' });
}

/** Asks, and leaves what follows half done. */
async function halfDone(
  cloud: Cloud,
  leave: (executionArn: string, at: string) => Promise<void>,
): Promise<void> {
  const arn = await start(cloud, 'MSFT');
  await cloud.advance(1_000);
  await leave(arn ?? '', new Date(MORNING.getTime()).toISOString());
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
    ...[ANA, BEN, CHLOE].map(
      (who) =>
        `home ${JSON.stringify(slack.home(who)?.blocks.map((block) => ('text' in block ? block.text : block.type)))}`,
    ),
  ];
}

async function completions({ cloud }: World): Promise<readonly string[]> {
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
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName }));
  dynamodb.destroy();
  const all = filledOrders(Items.map((item) => unmarshall(item)));
  return all.map(({ side, symbol }) => `filled ${side} ${symbol}`);
}
