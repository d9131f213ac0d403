// Tests that a local world continues from its stored files after it was cut off, at some moments, others each day, and
// after a deadline has passed meanwhile. More moments: cut-off.slow.test.ts.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ANA, checkMoments, emptyFolder, MINUTE, open, requests } from '../support/cut-off.ts';

describe('a local world that is cut off', () => {
  it('continues from some moments', { timeout: 120_000 }, () => checkMoments(25));

  it('reports at the next start that a request has expired', async () => {
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
});
