// Tests forms and confirmations through the front door: the trade form, the reason for declining, and resubmitting.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../local/slack/slack.ts';
import { ANA, BEN, CHLOE, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

let desk: TradingDesk;

beforeAll(async () => {
  desk = await openTradingDesk();
});

afterAll(() => desk.stop());

const lastName = async () => (await desk.lastExecution()).split(':').at(-1) ?? '';

const buttonsOf = ({ blocks = [] }: Message) =>
  JSON.stringify(blocks.filter(({ type }) => type === 'actions'));

describe('forms', () => {
  it('open on a bare /trade, and their trade keeps the note', async () => {
    const before = desk.slack.messages().length;
    await desk.slack.say(ANA, '/trade');
    expect(desk.slack.modal(ANA)).toMatchObject({ callback_id: 'trade_form', title: { text: 'Trade' } });
    await desk.slack.submit(ANA, { symbol: 'NVDA', quantity: '4', note: 'London asked <!channel>' });
    await desk.cloud.settled();
    expect(desk.slack.modal(ANA)).toBeUndefined();
    expect(desk.privately(ANA).at(-1)).toContain('Checking: 4 NVDA');
    const message = desk.slack.messages()[before];
    expect(message?.text).toMatch(/^Pending: (Buy|Sell) 4 NVDA/);
    expect(JSON.stringify(message?.blocks)).toContain('> <@U0ANA>: London asked &lt;!channel&gt;');
  });

  it('show an error at the field, stay open, and start nothing', async () => {
    const last = await desk.lastExecution();
    await desk.slack.say(BEN, '/trade');
    await desk.slack.submit(BEN, { symbol: 'AMZN', quantity: '2000000' });
    expect(desk.slack.modal(BEN)).toMatchObject({
      errors: {
        quantity: 'The quantity must be a whole number of shares from 1 to 1,000,000, not “2000000”.',
      },
    });
    desk.slack.closeModal(BEN);
    await desk.cloud.settled();
    expect(await desk.lastExecution()).toBe(last);
  });

  it('start one execution if Slack delivers the submission twice', async () => {
    await desk.slack.say(ANA, '/trade');
    await desk.slack.submit(ANA, { symbol: 'MSFT', quantity: '21' });
    await desk.slack.redeliver();
    await desk.cloud.settled();
    expect(desk.slack.messages().filter(({ text }) => text.includes('21 MSFT'))).toHaveLength(1);
  });

  it('decide nothing if the Decline modal is closed', async () => {
    const message = await desk.ask('/trade AMZN 3');
    await desk.slack.press(CHLOE, message.ts, 'decline');
    await desk.cloud.settled();
    expect(JSON.stringify(desk.slack.modal(CHLOE))).toMatch(/(Buy|Sell) 3 AMZN, total USD/);
    desk.slack.closeModal(CHLOE);
    expect(desk.now(message).text).toMatch(/Needs approval from/);
    await desk.press(BEN, message, 'approve');
    expect(desk.now(message).text).toMatch(/^Filled/);
  });

  it('are closed before the bot has read the approval without an error, and a refusal is then sent privately', async () => {
    const message = await desk.ask('/trade AMZN 3');
    desk.slack.refuse('views.update', 'not_found');
    for (const person of [CHLOE, 'U0GINA']) {
      await desk.slack.press(person, message.ts, 'decline');
      await desk.cloud.settled();
      desk.slack.closeModal(person);
    }
    desk.slack.stopFailing('views.update');
    expect(desk.privately(CHLOE)).not.toContainEqual(expect.stringContaining('went wrong'));
    expect(desk.privately('U0GINA').at(-1)).toContain('guests may not approve here.');
    expect(desk.events.filter(({ event }) => event === 'request_failed')).toEqual([]);
    await desk.decline(BEN, message);
  });

  it('show the current status if another person has decided in the meantime', async () => {
    const message = await desk.ask('/trade AMZN 4');
    await desk.slack.press(CHLOE, message.ts, 'decline');
    await desk.press(BEN, message, 'approve');
    await desk.slack.submit(CHLOE, { reason: 'Wait' });
    await desk.cloud.settled();
    expect(desk.privately(CHLOE).at(-1)).toMatch(/^Already decided\. Filled: /);
    expect(desk.now(message).text).not.toContain('Wait');
  });

  it('let one person resubmit a declined request once, with the same terms and in their name', async () => {
    const message = await desk.ask('/trade GOOGL 6');
    await desk.decline(BEN, message);
    expect(buttonsOf(desk.now(message))).toContain('Resubmit');
    const before = desk.slack.messages().length;
    await Promise.all([
      desk.slack.press(CHLOE, message.ts, 'resubmit'),
      desk.slack.press(BEN, message.ts, 'resubmit'),
    ]);
    await desk.cloud.settled();
    const again = desk.slack
      .messages()
      .slice(before)
      .filter(({ text }) => text.includes('6 GOOGL'));
    expect(again).toHaveLength(1);
    expect(desk.now(message).text).toMatch(/Resubmitted by <@U0(CHLOE|BEN)>/);
    expect(buttonsOf(desk.now(message))).toBe('[]');
    const told = [desk.privately(CHLOE).at(-1), desk.privately(BEN).at(-1)];
    expect(told).toContainEqual(expect.stringMatching(/^Resubmitted at /));
    expect(again[0]?.text).toContain('Resubmitted after <@U0BEN> declined the earlier request');
    expect(again[0]?.text).toMatch(/Requested by: <@U0(CHLOE|BEN)>/);
  });

  it('keep the symbol in the name of a resubmitted execution, also after a second time', async () => {
    let message = await desk.ask('/trade GOOGL 7');
    const names = new Set([await lastName()]);
    for (const person of [BEN, CHLOE]) {
      await desk.decline(person, message);
      await desk.press(ANA, message, 'resubmit');
      names.add(await lastName());
      const [last] = desk.posts().slice(-1);
      if (!last) throw new Error('not asked');
      message = last;
    }
    expect([...names]).toEqual(
      Array.from({ length: 3 }, () => expect.stringMatching(/^GOOGL-[0-9a-f]{16}$/)),
    );
    await desk.decline(BEN, message);
  });

  it('let people resubmit an expired request', async () => {
    const message = await desk.ask('/trade TSLA 2');
    await desk.cloud.advance(901_000);
    const before = desk.slack.messages().length;
    await desk.press(ANA, message, 'resubmit');
    const again = desk.slack.messages()[before];
    expect(again?.text).toMatch(
      /^Pending: (Buy|Sell) 2 TSLA.*Resubmitted after the earlier request expired/s,
    );
    if (again) await desk.press(BEN, again, 'approve');
    expect(desk.slack.messages().find(({ ts }) => ts === again?.ts)?.text).toMatch(/^Filled/);
  });

  it('ask for confirmation from the configured amount on', async () => {
    expect(buttonsOf(await desk.ask('/trade AMZN 1'))).not.toContain('"confirm"');
    expect(buttonsOf(await desk.ask('/trade AMZN 500'))).toContain('"confirm"');
  });
});
