// Tests who sees requests outside their channel: in the lists of the commands and in Home. Requesters, approvers and
// members of the channel see them, and nobody else does.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANA, BEN, CHLOE, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

const DANA = 'U0DANA';
const GINA = 'U0GINA';
const MINUTE = 60_000;
let desk: TradingDesk;

beforeAll(async () => {
  desk = await openTradingDesk();
});
afterAll(() => desk.stop());

async function home(person: string): Promise<string> {
  await desk.slack.openHome(person);
  return JSON.stringify(desk.slack.home(person)?.blocks);
}

async function says(person: string, command: string): Promise<string> {
  await desk.slack.say(person, command);
  await desk.cloud.settled();
  return desk.privately(person).at(-1) ?? '';
}

describe('a request', () => {
  it('is shown to its requester, its approvers and the members of its channel, and to nobody else', async () => {
    desk.slack.leave(ANA);
    desk.slack.leave(BEN);
    desk.slack.leave(GINA);
    await desk.ask('/trade AMZN 2');
    const name = (await desk.lastExecution()).split(':').at(-1) ?? '';
    for (const person of [ANA, BEN, CHLOE, DANA]) {
      expect(await home(person)).toMatch(/(Buy|Sell) 2 AMZN/);
      expect(await says(person, '/trade pending')).toMatch(/(Buy|Sell) 2 AMZN/);
      expect(await says(person, `/trade status ${name}`)).toMatch(/(Buy|Sell) 2 AMZN/);
    }
    expect(await home(GINA)).not.toContain('AMZN');
    expect(await says(GINA, '/trade pending')).not.toContain('2 AMZN');
    for (const command of [`/trade status ${name}`, `/trade cancel ${name}`]) {
      const answer = await says(GINA, command);
      expect(answer).not.toContain('2 AMZN');
      expect(answer).toContain(name);
    }
    expect(await says(GINA, `/trade status ${name}`)).toBe(
      await says(GINA, '/trade status ABC-1').then((text) => text.replaceAll('ABC-1', name)),
    );
  });

  it('is not shown to others after the decision either', async () => {
    const message = await desk.ask('/trade AMZN 3');
    await desk.decline(BEN, message, 'Secret reason');
    expect(await home(DANA)).toContain('Secret reason');
    expect(await home(GINA)).not.toContain('Secret reason');
  });

  it('is shown to requesters and approvers only, if the app lacks the scopes', async () => {
    desk.slack.refuse('users.conversations', 'missing_scope');
    await desk.cloud.advance(6 * MINUTE);
    await desk.ask('/trade AMZN 4');
    expect(await says(ANA, '/trade pending')).toMatch(/(Buy|Sell) 4 AMZN/);
    expect(await says(BEN, '/trade pending')).toMatch(/(Buy|Sell) 4 AMZN/);
    expect(await says(DANA, '/trade pending')).not.toContain('4 AMZN');
    desk.slack.stopFailing('users.conversations');
  });

  it('costs Slack at most one call in each execution environment for twenty commands of the same person', async () => {
    await desk.cloud.advance(6 * MINUTE);
    const calls = () => desk.events.filter(({ method }) => method === 'users.conversations').length;
    const before = calls();
    for (let count = 0; count < 20; count += 1) await says(GINA, '/trade pending');
    expect(calls()).toBeLessThanOrEqual(before + 2);
  });
});
