// `npm run growth`: counts the reads, writes and calls of a press, `/trade pending`, Home and the reconciler with 10,
// 1,000 and 10,000 pending approvals. A developer runs it. The counts are exact, because they come from the local
// cloud; `flat` means the same at each size.
import {
  BatchWriteItemCommand,
  DynamoDBClient,
  paginateScan,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { IMMEDIATELY, nextCheckAt } from '../domain/next-check.ts';
import { progress } from '../local/progress.ts';
import { pending, taskToken } from './press.ts';
import { type RecordedCall, type RecordedWorld, startRecordedWorld } from './recorded-world.ts';

const SIZES = [10, 1_000, 10_000] as const;
const DAY = 86_400_000;

type Counts = Readonly<Record<string, string>>;

const counts: Counts[] = [];
for (const size of SIZES) counts.push(await countAt(size));

const [first = {}] = counts;
const lines = Object.keys(first).map((action) => {
  const values = counts.map((each) => each[action] ?? '');
  // Compares the two largest sizes, because with 10 approvals a query does not fill a page.
  return `| ${[action, ...values, values.at(-1) === values.at(-2) ? 'flat' : '**grows**'].join(' | ')} |`;
});
const sizes = SIZES.map((size) => `${size.toLocaleString('en-US')} pending`);
process.stdout.write(
  [
    `| items read + items written + other calls | ${sizes.join(' | ')} | |`,
    '|---|--:|--:|--:|---|',
    ...lines,
    '',
  ].join('\n'),
);

async function countAt(size: number): Promise<Counts> {
  const world = await startRecordedWorld();
  try {
    progress(`Counting with ${size.toLocaleString('en-US')} pending approvals …`);
    await fill(world, size);
    return {
      'a press that approves': await calls(world, 'Bot', pressed),
      '`/trade pending`': await calls(world, 'Bot', () => world.slack.say('U0BEN', '/trade pending')),
      Home: await calls(world, 'Bot', () => world.slack.openHome('U0BEN')),
      'the reconciler, nothing due': await calls(world, 'Reconciler', () => world.cloud.advance(60_000)),
      'the reconciler, one escalation step due': await calls(world, 'Reconciler', stepDue),
      'the reconciler, one decision not sent': await calls(world, 'Reconciler', unsent),
      'the reconciler, resolving approvers, every five minutes': await calls(world, 'Reconciler', () =>
        world.cloud.advance(4 * 60_000),
      ),
    };
  } finally {
    await world.stop();
  }
}

/** Returns the items that the function read and wrote, and its other calls, during the action. */
async function calls(
  world: RecordedWorld,
  by: string,
  action: (world: RecordedWorld) => Promise<unknown>,
): Promise<string> {
  await world.cloud.settled();
  world.takeCalls();
  await action(world);
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
  await runWithChange(world, 'escalationSchedule.reminder = :past', {});
}

async function unsent(world: RecordedWorld): Promise<void> {
  const decision = { outcome: 'declined', by: 'U0BEN', at: IMMEDIATELY };
  await runWithChange(world, 'decision = :decision', { ':decision': decision });
}

/** Requests one more approval, changes its item so that something is due, and runs the reconciler. */
async function runWithChange(world: RecordedWorld, change: string, values: object): Promise<void> {
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

/** Stores pending approvals that are already posted, with no reminder or escalation due for a day. */
async function fill({ cloud, clock }: RecordedWorld, size: number): Promise<void> {
  const client = operator(cloud);
  const table = cloud.outputs['ApprovalsTable'] ?? '';
  const at = (later: number) => new Date(clock.now() + later).toISOString();
  const items = Array.from({ length: size }, (_, index) => ({
    ...pending(),
    execution: `GROW-${index}`,
    id: `approval-${String(index).padStart(16, '0')}`,
    // Their approvers are resolved again only in the last row, however long the other rows take.
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
