// Whatever moment a local world is cut off at, the next one goes on from what was kept: one request, one decision, one
// fill. A moment is a copy of the folder, taken as an event is logged; a fifth of them, each day another. All of them:
// CUT_OFF_EVERY=1 npx vitest run test/local/cut-off.test.ts
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, inject, it, onTestFinished } from 'vitest';
import { persistIn } from '../../local/persistence.ts';
import { type LogEvent, startWorld, type World } from '../../local/world.ts';
import { hasButtons, operator } from '../support/trading-desk.ts';

const [ANA, BEN] = ['U0ANA', 'U0BEN'];
const MINUTE = 60_000;

const open = (
  folder: string,
  log: (event: LogEvent) => void = () => {},
  start = new Date(),
): Promise<World> =>
  startWorld({
    assembly: inject('assembly'),
    port: 0,
    awsPort: 0,
    persistence: () => persistIn(folder),
    log,
    start,
  });

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-moments-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const requests = ({ slack }: World) => slack.messages().filter(({ threadTs }) => threadTs === undefined);

it('goes on from every moment', { timeout: 300_000 }, async () => {
  const folder = emptyFolder();
  const moments: string[] = [];
  const world = await open(join(folder, 'kept'), ({ source, event }) => {
    if (!existsSync(join(folder, 'kept'))) return;
    const moment = join(folder, `${moments.length}-${source}-${event}`);
    cpSync(join(folder, 'kept'), moment, { recursive: true });
    moments.push(moment);
  });
  await world.slack.say(ANA, '/trade AMZN 10');
  await expect.poll(() => requests(world)).toHaveLength(1);
  await world.cloud.settled();
  await world.slack.press(BEN, requests(world)[0]?.ts ?? '', 'approve');
  await world.cloud.settled();
  await world.stop();

  const every = Number(process.env['CUT_OFF_EVERY'] ?? 5);
  const today = Math.floor(Date.now() / 86_400_000) % every;
  const chosen = moments.filter((_, at) => at % every === today);
  expect(chosen.length).toBeGreaterThan(3);
  const answered = moments.findIndex((one) => one.endsWith('slack-command_answered'));
  const wrong: object[] = [];
  for (const moment of chosen) {
    const { requests: asked, replies, fills, dead } = await ending(moment);
    // What was not answered may be lost, and then it is lost whole.
    const isHere = asked === 1 || (asked === 0 && moments.indexOf(moment) <= answered);
    if (!isHere || replies !== asked || fills !== asked || dead > 0)
      wrong.push({ moment, asked, replies, fills, dead });
  }
  expect(wrong).toEqual([]);
});

it('tells at the next start what expired meanwhile', async () => {
  const folder = emptyFolder();
  const before = await open(join(folder, 'before'));
  await before.slack.say(ANA, '/trade AMZN 10');
  await expect.poll(() => requests(before)).toHaveLength(1);
  await before.cloud.settled();
  await before.stop();
  cpSync(join(folder, 'before'), join(folder, 'after'), { recursive: true });

  const after = await open(join(folder, 'after'), () => {}, new Date(Date.now() + 60 * MINUTE));
  await after.cloud.advance(MINUTE);
  expect(requests(after).map(({ text }) => text.split(':')[0])).toEqual(['Expired']);
  const told = after.slack.messages().filter(({ threadTs }) => threadTs !== undefined);
  expect(told.filter(({ text }) => /expired/i.test(text)).map(({ text }) => text)).toHaveLength(1);
  await after.stop();
});

async function ending(folder: string) {
  const dead: LogEvent[] = [];
  const world = await open(folder, (event) => {
    if (event.event === 'message_dead_lettered') dead.push(event);
  });
  const { cloud, slack } = world;
  await cloud.advance(3 * MINUTE);
  const [request] = requests(world);
  if (request && hasButtons(request)) await slack.press(BEN, request.ts, 'approve');
  await cloud.advance(3 * MINUTE);
  const found = {
    requests: requests(world).length,
    replies: slack.messages().filter(({ text }) => text.includes('*Filled.*')).length,
    fills: await fillsIn(world),
    dead: dead.length,
  };
  await world.stop();
  return found;
}

async function fillsIn({ cloud }: World): Promise<number> {
  const client = new DynamoDBClient({ ...operator, endpoint: cloud.url });
  const TableName = cloud.outputs['LedgerTable'];
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: { account: { S: 'paper' } } }));
  client.destroy();
  return Object.keys(Item?.['fills']?.M ?? {}).length;
}
