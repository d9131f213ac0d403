// An execution may ask more than once: each question is decided for itself, and only the last is told how it all ended.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { synthesise } from '../../local/synthesise.ts';
import { BEN, CHLOE, openDesk, type TradingDesk } from '../support/trading-desk.ts';

const BUILD = { service: 'checkout', version: '2.14.0' };
const assembly = mkdtempSync(join(tmpdir(), 'countersign-two-asks-'));
let desk: TradingDesk;

beforeAll(async () => {
  await synthesise(assembly, [], 'test/two-asks');
  const manifest = 'examples/deploy-approval/manifest.yml';
  desk = await openDesk({ assembly, manifest, channelName: 'deploys' });
});
afterAll(async () => {
  await desk.stop();
  rmSync(assembly, { recursive: true });
});

const newest = () => {
  const message = desk.posts().at(-1);
  if (!message) throw new Error('Nothing was asked.');
  return message;
};
const logRepair = () => desk.events.filter(({ line }) => String(line).includes('"event":"repaired"'));

it('both approved: each says by whom, the last how it ended, and nobody looks at either again', async () => {
  const arn = await desk.start(BUILD);
  const first = newest();
  await desk.press(BEN, first, 'approve');
  const second = newest();
  expect(second.ts).not.toBe(first.ts);
  await desk.press(CHLOE, second, 'approve');
  expect(await desk.execution(arn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(desk.now(first).text).toMatch(/^Approved: Deploy checkout 2\.14\.0\n/);
  expect(desk.now(second).text).toMatch(/^Deployed: Deploy checkout 2\.14\.0\n/);
  expect([desk.replies(first).length, desk.replies(second).length]).toEqual([0, 1]);
  await desk.cloud.advance(60 * 60_000);
  expect(logRepair()).toEqual([]);
});

it('the first expired, the second approved: the first stays expired, and loses its buttons in time', async () => {
  await desk.start(BUILD);
  const first = newest();
  await desk.cloud.advance(15 * 60_000 + 1_000);
  const second = newest();
  expect(second.ts).not.toBe(first.ts);
  await desk.cloud.advance(3 * 60_000);
  expect(desk.now(first).text).toMatch(/^Expired: /);
  expect(JSON.stringify(desk.now(first).blocks)).not.toContain('"approve"');
  expect(JSON.stringify(desk.now(first).blocks)).toContain('"resubmit"');
  await desk.press(CHLOE, second, 'approve');
  expect(desk.now(first).text).toMatch(/^Expired: /);
  expect(desk.now(second).text).toMatch(/^Deployed: /);
});

it('the first expired, and all was over before the watch came by: it was nobody who approved it', async () => {
  await desk.start({ ...BUILD, version: '2.15.0' });
  const first = newest();
  await desk.cloud.advance(15 * 60_000 + 1_000);
  await desk.press(CHLOE, newest(), 'approve');
  expect(desk.now(newest()).text).toMatch(/^Deployed: /);
  expect(desk.now(first).text).toMatch(/^Expired: .*\nNobody decided in time/);
});
