// Tests an execution that asks twice: each request is decided separately, and the result is posted to the last one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
const repaired = () => desk.events.filter(({ line }) => String(line).includes('"event":"repaired"'));

/** Minutes until the deadline that the message shows. */
function minutesLeft({ text }: { readonly text: string }): number {
  const [, seconds] = / by <!date\^(\d+)/.exec(text) ?? [];
  return Math.round((Number(seconds) * 1_000 - desk.clock.now()) / 60_000);
}

describe('two requests of one execution', () => {
  it('show the timeouts of their own states', async () => {
    await desk.start(BUILD);
    const first = newest();
    expect(minutesLeft(first)).toBe(15);
    await desk.press(BEN, first, 'approve');
    const second = newest();
    expect(minutesLeft(second)).toBe(30);
    await desk.cloud.advance(20 * 60_000);
    await desk.press(CHLOE, second, 'approve');
    expect(desk.now(second).text).toMatch(/^Deployed: /);
  });

  it('that are both approved show their approvers, the last one shows the result, and neither is checked again', async () => {
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
    expect(repaired()).toEqual([]);
  });

  it('show an expired first request as expired after the second was approved, without buttons', async () => {
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
    const last = await desk.lastExecution();
    await desk.press(BEN, first, 'resubmit');
    expect(desk.privately(BEN).at(-1)).toContain('the execution went on and asked for another approval.');
    expect(await desk.lastExecution()).toBe(last);
  });

  it('show an expired first request as decided by nobody if everything ended before the reconciler ran', async () => {
    await desk.start({ ...BUILD, version: '2.15.0' });
    const first = newest();
    await desk.cloud.advance(15 * 60_000 + 1_000);
    await desk.press(CHLOE, newest(), 'approve');
    expect(desk.now(newest()).text).toMatch(/^Deployed: /);
    expect(desk.now(first).text).toMatch(/^Expired: .*\nNobody decided in time/);
  });
});

describe('an invalid request of a workflow', () => {
  it('fails the execution at once, and the channel reads which field is wrong', async () => {
    const before = desk.posts().length;
    const arn = await desk.start({ ...BUILD, version: '2'.repeat(150) });
    expect(await desk.execution(arn)).toMatchObject({ status: 'FAILED', error: 'InvalidRequest' });
    expect(desk.posts().slice(before)).toMatchObject([
      {
        text: expect.stringContaining(
          'request.title must be at most 150 characters. Nobody was asked; tell your operator.',
        ),
      },
    ]);
  });
});
