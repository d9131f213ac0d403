// Tests that `npm start`, killed at any moment, does once what it has answered, and what it says about unreadable or
// locked files: real processes, their page, their files.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fillsOn, freePorts, npmStart, npmStartReady, pageOf, requestsOn } from '../support/npm-start.ts';

const asked = ['/trade AMZN 10', '/trade NVDA 11', '/trade AAPL 12'];

describe('npm start', () => {
  it(
    'keeps three pending requests, if it is killed, and posts none twice',
    { timeout: 120_000 },
    async () => {
      const ports = await freePorts();
      const page = pageOf(ports);
      const first = await npmStartReady(ports);
      for (const command of asked) expect(await page.say('U0ANA', command)).toMatchObject({ status: 200 });
      await expect.poll(() => requestsOn(ports)).toHaveLength(3);
      const before = await requestsOn(ports);
      await first.kill();

      // What waits keeps to what was in force when it was asked: Ben may decide it, though he may not any more.
      const second = await npmStartReady(ports, '-c', 'approvers=U0CHLOE,U0DANA');
      expect(second.said()).toContain('3 of the last run resumed');
      expect((await requestsOn(ports)).map(({ ts }) => ts)).toEqual(before.map(({ ts }) => ts));
      for (const { ts } of before)
        expect(await page.press('U0BEN', ts, 'approve')).toMatchObject({ status: 200 });
      await expect.poll(() => fillsOn(ports)).toHaveLength(3);
      const filled = new Set((await fillsOn(ports)).map(({ threadTs }) => threadTs));
      expect(filled).toEqual(new Set(before.map(({ ts }) => ts)));
      expect(await requestsOn(ports)).toHaveLength(3);
    },
  );

  it('does once what it has answered, if it is killed after each answer', { timeout: 240_000 }, async () => {
    const ports = await freePorts();
    const page = pageOf(ports);
    let life = await npmStartReady(ports);
    const killAndStart = async () => {
      await life.kill();
      life = await npmStartReady(ports);
    };
    for (const command of asked) expect(await page.say('U0ANA', command)).toMatchObject({ status: 200 });
    await killAndStart();
    await expect.poll(() => requestsOn(ports)).toHaveLength(3);
    for (const { ts } of await requestsOn(ports)) {
      // Whoever presses before the request's own record knows its message is told so; they press again.
      await expect.poll(() => page.press('U0BEN', ts, 'approve')).toMatchObject({ status: 200 });
      await killAndStart();
    }
    await expect.poll(() => fillsOn(ports), { timeout: 240_000 }).toHaveLength(3);
    expect(await requestsOn(ports)).toHaveLength(3);
  });

  it('reports unreadable files and deletes them with --fresh', { timeout: 240_000 }, async () => {
    const ports = await freePorts();
    const first = await npmStartReady(ports);
    await pageOf(ports).say('U0ANA', 'Who is here?');
    await first.kill();
    writeFileSync(`.local/kept/${ports.aws}/Countersign-dev-C0TRADING/tables/CURRENT`, 'nonsense');
    const broken = npmStart(ports);
    expect(await broken.ended).toBe(1);
    expect(broken.said()).toMatch(/\nThe saved tables cannot be read \(.*\)\. .* npm start -- --fresh\n$/);
    const second = await npmStartReady(ports, '--fresh');
    expect(second.said()).not.toContain(' resumed)');
    expect(await pageOf(ports).messages('U0ANA')).toEqual([]);
  });

  it('does not touch the files of a running one', { timeout: 240_000 }, async () => {
    const ports = await freePorts();
    const running = await npmStartReady(ports);
    await pageOf(ports).say('U0ANA', 'Who is here?');
    await running.hasSaid('message said');
    const other = await freePorts();
    const second = npmStart({ ...other, aws: ports.aws }, ['--fresh']);
    expect(await second.ended).toBe(1);
    expect(second.said()).toContain(`Port ${ports.aws} is taken`);
    const kept = readFileSync(`.local/kept/${ports.aws}/Countersign-dev-C0TRADING/state.json`, 'utf8');
    expect(kept).toContain('Who is here?');
    expect(await pageOf(ports).messages('U0ANA')).toHaveLength(1);
  });
});
