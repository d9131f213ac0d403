// Tests, through the front door, a request that nobody decides on or whose processing broke: escalation and the
// reconciler.
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../local/slack/slack.ts';
import { cancelUnstopped, decideUnsent } from '../support/edit-approval.ts';
import { ANA, BEN, CHLOE, hasButtons, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

const DANA = 'U0DANA';
const MINUTE = 60_000;
let desk: TradingDesk;

beforeAll(async () => {
  desk = await openTradingDesk();
});

afterAll(() => desk.stop());

const said = (message: Message) => desk.replies(message).map(({ text }) => text);

describe('follow-through', () => {
  it('reminds at half the time and escalates at three quarters, once each, and then lets the targets approve', async () => {
    const message = await desk.ask('/trade AMZN 3');
    expect(JSON.stringify(message.blocks)).toMatch(
      /If it stays pending: reminder .*S0RISK> can approve too from /,
    );
    await desk.press(DANA, message, 'approve');
    expect(desk.privately(DANA).at(-1)).toContain('you are not among its approvers');
    await desk.cloud.advance(8 * MINUTE);
    expect(said(message)).toEqual([
      expect.stringMatching(
        /^:bell: <@U0BEN> or <@U0CHLOE>: \*.* 3 AMZN, .*\* still waits for one approval, until /,
      ),
    ]);
    await desk.redeliver('Reconcile');
    await desk.cloud.advance(2 * MINUTE);
    expect(said(message)).toHaveLength(1);
    await desk.cloud.advance(2 * MINUTE);
    expect(said(message)).toEqual([
      expect.anything(),
      expect.stringMatching(/^:mega: <@U0DANA>: nobody has decided .* you may approve it too/),
    ]);
    expect(desk.now(message).text).toContain('<@U0BEN>, <@U0CHLOE> or <@U0DANA> by');
    await desk.press(DANA, message, 'approve');
    expect(desk.now(message).text).toMatch(/^Filled: .*\nApproved by <@U0DANA>/);
  });

  it('runs one escalation step after an outage in which two were due, and none after the decision', async () => {
    const message = await desk.ask('/trade AMZN 4');
    const decided = await desk.ask('/trade AMZN 5');
    await desk.decline(BEN, decided);
    desk.slack.refuse('chat.postMessage', 'internal_error');
    await desk.cloud.advance(12 * MINUTE);
    expect(said(message)).toEqual([]);
    desk.slack.stopFailing('chat.postMessage');
    await desk.cloud.advance(MINUTE);
    expect(said(message)).toEqual([expect.stringMatching(/^:mega: /)]);
    expect(said(decided)).toHaveLength(1);
    await desk.cloud.advance(3 * MINUTE);
    expect(desk.now(message).text).toMatch(/^Expired: /);
  });

  it('sends a decision that was recorded but not sent', async () => {
    const message = await desk.ask('/trade AMZN 6');
    const arn = await desk.lastExecution();
    // As if the function had died between deciding and sending.
    await decideUnsent(desk.cloud, arn, new Date(desk.clock.now()).toISOString());
    await desk.cloud.advance(3 * MINUTE);
    expect((await desk.execution(arn)).status).toBe('SUCCEEDED');
    expect(desk.now(message).text).toMatch(/^Filled: .*\nApproved by <@U0BEN>/);
    expect(repairs('decision').length).toBeGreaterThan(0);
  });

  it('posts a result that was not posted', async () => {
    const message = await desk.ask('/trade AMZN 7');
    desk.slack.refuse('chat.update', 'not_in_channel');
    desk.slack.refuse('chat.postMessage', 'not_in_channel');
    await desk.cloud.advance(50 * MINUTE);
    desk.slack.stopFailing('chat.update');
    desk.slack.stopFailing('chat.postMessage');
    await desk.cloud.advance(60 * MINUTE);
    expect(hasButtons(desk.now(message))).toBe(true);
    expect(desk.now(message).text).toMatch(/^Expired: /);
    expect(said(message).filter((text) => text.includes('Expired'))).toHaveLength(1);
    expect([...repairs('completion'), ...repairs('notification')].length).toBeGreaterThan(0);
  });

  it('updates a message that Slack refused to update', async () => {
    const message = await desk.ask('/trade AMZN 500');
    desk.slack.refuse('chat.update', 'ratelimited', { retryAfterSeconds: 30 });
    await desk.press(CHLOE, message, 'approve');
    desk.slack.stopFailing('chat.update');
    await desk.cloud.advance(2 * MINUTE);
    expect(desk.now(message).text).toMatch(/^1 of 2 approvals: <@U0CHLOE> at/m);
    await desk.decline(ANA, message);
  });

  it('cancels a pending request for its requester or an approver, with a reason, and for nobody else', async () => {
    const message = await desk.ask('/trade MSFT 2');
    const arn = await desk.lastExecution();
    const name = String(arn.split(':').at(-1));
    await desk.slack.say(DANA, `/trade cancel ${name}`);
    await desk.cloud.settled();
    expect(desk.privately(DANA).at(-1)).toContain("You can't cancel *");
    await desk.slack.say(ANA, '/trade cancel');
    expect(desk.privately(ANA).at(-1)).toContain('Say which execution');
    await desk.slack.say(ANA, '/trade cancel NOPE-1');
    expect(desk.privately(ANA).at(-1)).toContain('No execution `NOPE-1` has asked');
    await desk.slack.say(ANA, `/trade cancel ${name}`);
    await desk.slack.submit(ANA, { reason: 'The client called' });
    await desk.cloud.settled();
    expect((await desk.execution(arn)).status).toBe('ABORTED');
    expect(desk.now(message).text).toMatch(/^Cancelled: .*\nCancelled by <@U0ANA> .*: “The client called”/);
    expect(hasButtons(desk.now(message))).toBe(false);
    expect(said(message)).toEqual([
      expect.stringMatching(/\*Cancelled: .*\* by <@U0ANA>\. Nothing was done\./),
    ]);
  });

  it('lists privately an execution, the own requests, and all pending requests page by page', async () => {
    await desk.slack.say(CHLOE, '/trade status');
    expect(desk.privately(CHLOE).at(-1)).toMatch(/^You have no pending requests\./);
    const message = await desk.ask('/trade MSFT 3');
    const name = String((await desk.lastExecution()).split(':').at(-1));
    for (const asked of [
      '/trade status',
      `/trade status ${name}`,
      `/trade STATUS \`${name}\`.`,
      `/trade status ${name.toUpperCase()}`,
    ]) {
      await desk.slack.say(ANA, asked);
      await desk.cloud.settled();
      expect(desk.privately(ANA).at(-1)).toMatch(
        /Pending: (Buy|Sell) 3 MSFT, .* `MSFT-\w+` · <http.*\|Message>$/m,
      );
    }
    for (let count = 0; count < 11; count += 1) await desk.start({ symbol: 'MSFT', quantity: 20 + count });
    await desk.slack.say(CHLOE, '/trade pending');
    await desk.cloud.settled();
    const page = desk.slack.seenBy(CHLOE).at(-1);
    expect(page?.text.split('\n')).toHaveLength(11);
    expect(page?.text).toContain('3 MSFT');
    await desk.slack.press(CHLOE, page?.ts ?? '', 'more_pending');
    await desk.cloud.settled();
    const rest = desk.slack.seenBy(CHLOE).at(-1);
    expect(rest?.text.split('\n')).toHaveLength(3);
    expect(hasButtons(rest ?? message)).toBe(false);
  });

  it('finds an execution by the name that its message shows, with underscores, in other case and with punctuation', async () => {
    const name = 'Nightly_Run_7';
    const { stateMachineArn } = await desk.execution(await desk.lastExecution());
    const input = JSON.stringify({ symbol: 'MSFT', quantity: 5 });
    await desk.sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
    await desk.cloud.settled();
    const [message] = desk.posts().slice(-1);
    if (!message) throw new Error('not asked');
    const [, shown = ''] = /ref (`.*`)$/.exec(message.text) ?? [];
    expect(shown).toBe(`\`${name}\``);
    for (const typed of [shown, `${shown}.`, name.toLowerCase(), name.toUpperCase()]) {
      await desk.slack.say(BEN, `/trade status ${typed}`);
      await desk.cloud.settled();
      expect(desk.privately(BEN).at(-1)).toMatch(/Pending: (Buy|Sell) 5 MSFT, .* `Nightly_Run_7` · /);
    }
    await desk.decline(BEN, message);
    await desk.slack.say(BEN, `/trade status ${name.toLowerCase()}`);
    await desk.cloud.settled();
    expect(desk.privately(BEN).at(-1)).toMatch(/Declined: (Buy|Sell) 5 MSFT, /);
    await desk.slack.say(BEN, '/trade status Nightly_Run');
    expect(desk.privately(BEN).at(-1)).toContain('No execution `Nightly_Run` has asked');
  });

  it.each(['hlep', 'Statsu', 'pendin', 'cancell', 'helpp me'])('suggests the word for %s', async (typed) => {
    await desk.slack.say(ANA, `/trade ${typed}`);
    expect(desk.privately(ANA).at(-1)).toMatch(/Did you mean `\/trade (help|status|pending|cancel)`\?/);
  });

  it.each(['AMZZ', 'HELLO', 'stat', ''])('suggests no word for %o', async (typed) => {
    await desk.slack.say(ANA, `/trade ${typed}`);
    expect(desk.privately(ANA).at(-1)).not.toContain('Did you mean');
  });

  it('stops an execution that was cancelled but not stopped', async () => {
    await desk.cloud.advance(20 * MINUTE);
    const message = await desk.ask('/trade MSFT 4');
    const arn = await desk.lastExecution();
    await cancelUnstopped(desk.cloud, arn, ANA, new Date(desk.clock.now()).toISOString());
    await desk.cloud.advance(3 * MINUTE);
    expect((await desk.execution(arn)).status).toBe('ABORTED');
    expect(desk.now(message).text).toMatch(/^Cancelled: .*\nCancelled by <@U0ANA>/);
  });
});

function repairs(what: string): readonly object[] {
  return desk.events.filter(
    ({ event, line }) => event === 'function_logged' && String(line).includes(`"repaired","what":"${what}"`),
  );
}
