// `npm run growth`: what a press, `/trade pending`, Home and the watch read and call while 10, 1,000 and 10,000 approvals
// wait. Exact, on the local world: what is the same at each size is flat.
import {
  BatchWriteItemCommand,
  DynamoDBClient,
  paginateScan,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { IMMEDIATELY, nextCheckAt } from '../domain/next-check.ts';
import { pending, taskToken } from './press.ts';
import { type RecordedCall, type RecordedWorld, startRecordedWorld } from './recorded-world.ts';

const SIZES = [10, 1_000, 10_000] as const;
const DAY = 86_400_000;

type Counted = Readonly<Record<string, string>>;

const counted: Counted[] = [];
for (const size of SIZES) counted.push(await countAt(size));

const [first = {}] = counted;
const lines = Object.keys(first).map((what) => {
  const found = counted.map((each) => each[what] ?? '');
  // A page that is not full reads less.
  return `| ${[what, ...found, found.at(-1) === found.at(-2) ? 'flat' : '**grows**'].join(' | ')} |`;
});
const sizes = SIZES.map((size) => `${size.toLocaleString('en-US')} wait`);
process.stdout.write(
  [
    `| items read + items written + other calls | ${sizes.join(' | ')} | |`,
    '|---|--:|--:|--:|---|',
    ...lines,
    '',
  ].join('\n'),
);

async function countAt(size: number): Promise<Counted> {
  const world = await startRecordedWorld();
  try {
    await fill(world, size);
    return {
      'a press that approves': await calls(world, 'Bot', pressed),
      '`/trade pending`': await calls(world, 'Bot', () => world.slack.say('U0BEN', '/trade pending')),
      Home: await calls(world, 'Bot', () => world.slack.openHome('U0BEN')),
      'the watch, nothing due': await calls(world, 'Reconciler', () => world.cloud.advance(60_000)),
      'the watch, one escalation step due': await calls(world, 'Reconciler', stepDue),
      'the watch, one decision not sent': await calls(world, 'Reconciler', unsent),
      'its look at the members, every five minutes': await calls(world, 'Reconciler', () =>
        world.cloud.advance(4 * 60_000),
      ),
    };
  } finally {
    await world.stop();
  }
}

/** What this function read, wrote and called while that happened. */
async function calls(
  world: RecordedWorld,
  by: string,
  happens: (world: RecordedWorld) => Promise<unknown>,
): Promise<string> {
  await world.cloud.settled();
  world.takeCalls();
  await happens(world);
  await world.cloud.settled();
  const own = world.takeCalls().filter((call) => call.by === by);
  const read = own.reduce((sum, { itemsRead }) => sum + itemsRead, 0);
  const written = own.filter(isWrite).length;
  const others = own.filter(({ operation }) => !/Item$|^Query$/.test(operation)).length;
  return `${read} + ${written} + ${others}`;
}

function isWrite({ operation }: RecordedCall): boolean {
  return ['UpdateItem', 'PutItem', 'DeleteItem'].includes(operation);
}

async function pressed(world: RecordedWorld): Promise<void> {
  await world.slack.say('U0ANA', '/trade AMZN 10');
  await world.cloud.settled();
  const message = world.slack.messages().find(({ text }) => text.includes('10 AMZN'));
  world.takeCalls();
  await world.slack.press('U0BEN', message?.ts ?? '', 'approve');
}

async function stepDue(world: RecordedWorld): Promise<void> {
  await changed(world, 'escalationSchedule.reminder = :past', {});
}

async function unsent(world: RecordedWorld): Promise<void> {
  const decision = { outcome: 'declined', by: 'U0BEN', at: IMMEDIATELY };
  await changed(world, 'decision = :decision', { ':decision': decision });
}

/** Asks for one more, has the watch look at it, makes something due by a change of its record, and has it look again. */
async function changed(world: RecordedWorld, change: string, values: object): Promise<void> {
  const { cloud, slack } = world;
  await slack.say('U0ANA', '/trade AMZN 10');
  await cloud.advance(60_000);
  const client = operator(cloud);
  const TableName = cloud.outputs['ApprovalsTable'];
  const pages = paginateScan(
    { client },
    {
      TableName,
      FilterExpression:
        'begins_with(execution, :symbol) AND #status = :pending AND attribute_not_exists(escalationSteps.reminder)',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: marshall({ ':symbol': 'AMZN', ':pending': 'pending' }),
    },
  );
  const asked = (await Array.fromAsync(pages)).flatMap(({ Items = [] }) => Items);
  for (const { execution = { S: '' }, id = { S: '' } } of asked)
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: { execution, id },
        UpdateExpression: `SET nextCheckAt = :past, ${change}`,
        ExpressionAttributeValues: marshall({ ':past': IMMEDIATELY, ...values }),
      }),
    );
  client.destroy();
  await cloud.settled();
  world.takeCalls();
  await cloud.advance(60_000);
}

function operator(cloud: RecordedWorld['cloud']): DynamoDBClient {
  const credentials = { accessKeyId: 'operator', secretAccessKey: 'any' };
  return new DynamoDBClient({ endpoint: cloud.url, region: 'us-east-1', credentials });
}

/** Approvals that wait, all of them asked already, with nothing due for a day. */
async function fill({ cloud, clock }: RecordedWorld, size: number): Promise<void> {
  const client = operator(cloud);
  const table = cloud.outputs['ApprovalsTable'] ?? '';
  const at = (later: number) => new Date(clock.now() + later).toISOString();
  const items = Array.from({ length: size }, (_, index) => ({
    ...pending(),
    execution: `GROW-${index}`,
    id: `approval-${String(index).padStart(16, '0')}`,
    // Nobody is due to be looked at before the last row, whatever the counting takes.
    approversResolvedAt: at(2 * 60_000),
    askedAt: at(0),
    deadline: at(2 * DAY + index),
    escalationSchedule: { reminder: at(DAY), escalation: at(DAY), escalateTo: [] },
  }));
  for (let from = 0; from < items.length; from += 25) {
    const puts = items.slice(from, from + 25).map((item) => ({
      PutRequest: { Item: marshall({ ...item, open: 'yes', nextCheckAt: nextCheckAt(item), taskToken }) },
    }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [table]: puts } }));
  }
  client.destroy();
}
