// Tests what a hostile insider can do with tickets, resubmissions and the simulated market, from outside.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tellMarket } from '../support/market.ts';
import { ANA, BEN, CHLOE, hasButtons, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

let desk: TradingDesk;
beforeAll(async () => {
  desk = await openTradingDesk();
});
afterAll(() => desk.stop());

describe('a hostile or hasty person', () => {
  it('Resubmit keeps the limit that the trader typed, where the market was away', async () => {
    const probe = await desk.ask('/trade buy NVDA 1');
    const [, ask = '0'] = /Bid \/ ask: USD.[\d.]+ \/ ([\d.]+)/.exec(probe.text) ?? [];
    const limit = (Number(ask) * 0.98).toFixed(2);
    const message = await desk.ask(`/trade buy NVDA 3 limit ${limit}`);
    await tellMarket(desk, 'NVDA', { hasNoQuote: true });
    await desk.press(BEN, message, 'approve');
    expect(desk.now(message).text).toMatch(/^Not filled/);
    await tellMarket(desk, 'NVDA', {});
    await desk.press(ANA, message, 'resubmit');
    await desk.press(CHLOE, desk.posts().at(-1)!, 'approve');
    // The limit is below the market, so the order waits until its time is over.
    await desk.cloud.advance(6 * 60_000);
    const { output = '{}' } = await desk.execution(await desk.lastExecution());
    expect(JSON.parse(output).terms.limitPrice).toBe(limit);
  });

  it('the warning of a repeated trade does not depend on what the input says of itself', async () => {
    await desk.ask('/trade buy MSFT 13');
    const resubmits = await desk.lastExecution();
    const again = await desk.askOutsideSlack({
      symbol: 'MSFT',
      side: 'buy',
      quantity: 13,
      requestedBy: ANA,
      resubmits,
    });
    expect(again.text).toContain('Possible duplicate: buy 13 MSFT was requested before');
  });

  it('a malformed price of the simulated market is no price', async () => {
    const message = await desk.ask('/trade buy AAPL 5');
    const arn = await desk.lastExecution();
    await tellMarket(desk, 'AAPL', { factor: -1 });
    await desk.press(BEN, message, 'approve');
    await tellMarket(desk, 'AAPL', {});
    expect(JSON.parse((await desk.execution(arn)).output ?? '{}').fill).toBeUndefined();
  });

  it.each(['AMZN — sell 500', 'sell AMZN – 500', 'buy AMZN 10 — limit 184.50'])(
    'a dash does not make a note of the rest of the order: %s',
    async (ticket) => {
      await desk.slack.say(ANA, `/trade ${ticket}`);
      await desk.cloud.settled();
      expect(desk.privately(ANA).at(-1)).toMatch(/:warning:/);
    },
  );

  it('cannot make a filled order unknown with a large input', async () => {
    const input = { symbol: 'AMZN', side: 'buy', quantity: 60, fill: { price: 1 }, pad: 'x'.repeat(240_000) };
    const message = await desk.askOutsideSlack(input);
    const arn = await desk.lastExecution();
    for (const person of [BEN, CHLOE, 'U0DANA'])
      if (hasButtons(desk.now(message))) await desk.press(person, message, 'approve');
    expect(desk.now(message).text).toMatch(/^Filled: Buy 60 AMZN/);
    const { output = '{}' } = await desk.execution(arn);
    expect(JSON.parse(output)).not.toHaveProperty('pad');
    expect(JSON.parse(output).fill).toMatchObject({ side: 'buy', quantity: 60 });
  });
});
