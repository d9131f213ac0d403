// Cuts a local world off at a moment and continues from its stored files, which must give one request, one decision and
// one fill. A moment is a copy of the folder, taken when an event is logged. Called by the tests of this behaviour.
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { expect, inject, onTestFinished } from 'vitest';
import { filledOrders } from '../../fault-injection/paper-orders.ts';
import { persistIn } from '../../local/persistence.ts';
import { type LogEvent, startWorld, type World } from '../../local/world.ts';
import { hasButtons, operator } from './trading-desk.ts';

export const ANA = 'U0ANA';
const BEN = 'U0BEN';
export const MINUTE = 60_000;

export const open = (
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

export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-moments-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const requests = ({ slack }: World) =>
  slack.messages().filter(({ threadTs }) => threadTs === undefined);

/** Continues from one of so many moments, others each day, and expects one request, one decision and one fill. */
export async function checkMoments(every: number): Promise<void> {
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

  const today = Math.floor(Date.now() / 86_400_000) % Math.min(every, moments.length);
  const chosen = moments.filter((_, at) => at % every === today);
  expect(chosen.length).toBeGreaterThan(0);
  const answered = moments.findIndex((one) => one.endsWith('slack-command_answered'));
  const wrong: object[] = [];
  for (const moment of chosen) {
    const { requests: asked, replies, fills, dead } = await completion(moment);
    // What was not answered may be lost, and then it is lost whole.
    const isHere = asked === 1 || (asked === 0 && moments.indexOf(moment) <= answered);
    if (!isHere || replies !== asked || fills !== asked || dead > 0)
      wrong.push({ moment, asked, replies, fills, dead });
  }
  expect(wrong).toEqual([]);
}

async function completion(folder: string) {
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
  const { Items = [] } = await client.send(new ScanCommand({ TableName }));
  client.destroy();
  return filledOrders(Items.map((item) => unmarshall(item))).length;
}
