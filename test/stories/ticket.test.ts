// Tests tickets from outside: what is approved is what is traded, and what cannot be traded is refused before anybody is
// asked.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tellMarket } from '../support/market.ts';
import { ANA, BEN, CHLOE, hasButtons, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

let desk: TradingDesk;
beforeAll(async () => {
  desk = await openTradingDesk();
});
afterAll(() => desk.stop());

/** The output of an execution, and how it ended. */
async function outcomeOf(arn: string) {
  const { status, output = '{}' } = await desk.execution(arn);
  return { status, ...JSON.parse(output) };
}

/** Types the command as Ana, and returns her last direct message. */
async function refusedTo(command: string) {
  const before = desk.posts().length;
  await desk.slack.say(ANA, command);
  await desk.cloud.settled();
  await desk.cloud.advance(2_000);
  expect(desk.posts()).toHaveLength(before);
  const arn = await desk.lastExecution();
  return { text: desk.slack.directMessages(ANA).at(-1)?.text ?? '', ...(await outcomeOf(arn)) };
}

describe('a ticket', () => {
  it.each(['buy', 'sell'])(
    'is asked, approved and filled on the %s side, never worse than its limit',
    async (side) => {
      const message = await desk.ask(`/trade 7 ${side} $aapl ioc -- rebalancing`);
      const arn = await desk.lastExecution();
      expect(message.text).toMatch(
        new RegExp(`^Pending: ${side === 'buy' ? 'Buy' : 'Sell'} 7 AAPL, total USD`),
      );
      expect(message.text).toMatch(
        /Limit: USD.[\d.]+ or (?:less|more).* · Price: USD.[\d.]+ .* · Bid \/ ask: .* · Day's range: .* · If not filled: cancelled at once · Position if filled: .* · Cash if filled: /,
      );
      expect(message.text).toMatch(/(Matches the recommendation|Against the recommendation to (buy|sell)): /);
      expect(message.text).toContain('<@U0ANA>: rebalancing');
      await desk.press(BEN, message, 'approve');
      const output = await outcomeOf(arn);
      expect(output).toMatchObject({
        status: 'SUCCEEDED',
        terms: {
          version: 2,
          side,
          symbol: 'AAPL',
          quantity: 7,
          timeInForce: 'ioc',
          account: 'paper',
          requester: ANA,
        },
        fill: {
          side,
          symbol: 'AAPL',
          quantity: 7,
          priceShown: output.stock_price,
          limitPrice: output.terms.limitPrice,
        },
      });
      const [price, limit] = [output.fill.price, Number(output.terms.limitPrice)];
      expect(side === 'buy' ? price <= limit : price >= limit).toBe(true);
      expect(desk.now(message).text).toMatch(
        /(Bought|Sold) 7 AAPL at USD.*, total USD.*\. (?:Slippage: USD.* than at|No slippage from) USD/,
      );
      // Readers would take the expected position and cash for the result.
      expect(desk.now(message).text).not.toMatch(/If not filled|if filled:/);
      expect(await desk.path(arn)).toEqual([
        'Check Stock Price',
        'Generate Buy/Sell recommendation',
        'Pre-Trade Check',
        'Request Human Approval',
        'Buy or Sell?',
        side === 'buy' ? 'Buy Stock' : 'Sell Stock',
        'Order Done?',
        'Report Result',
      ]);
    },
  );

  it('trades the side that the requester chose against the recommendation, and says so', async () => {
    const recommended = await desk.ask('/trade MSFT 1');
    const rule = recommended.text.startsWith('Pending: Buy') ? 'buy' : 'sell';
    const other = rule === 'buy' ? 'sell' : 'buy';
    const message = await desk.ask(`/trade ${other} MSFT 2`);
    expect(message.text).toContain(`Against the recommendation to ${rule}: `);
    await desk.press(BEN, message, 'approve');
    const output = await outcomeOf(await desk.lastExecution());
    expect(output).toMatchObject({ recommended_type: rule, terms: { side: other }, fill: { side: other } });
    expect(output.reason).toMatch(/^The price is (\d\.\d\d % (above|below)|at the last hour)/);
  });

  it('warns where the same person asks for the same within ten minutes, and asks all the same', async () => {
    const first = await desk.ask('/trade buy NVDA 11');
    const again = await desk.ask('/trade buy NVDA 11');
    const other = await desk.ask('/trade buy NVDA 12');
    const warning = 'Possible duplicate: buy 11 NVDA was requested before';
    expect([first, again, other].map(({ text }) => text.includes(warning))).toEqual([false, true, false]);
    expect(hasButtons(again)).toBe(true);
  });
});

describe('a trade that cannot be placed', () => {
  it.each([
    ['sell TSLA 1001', 'Insufficient position: 1,000 held. Try “/trade sell TSLA 1,000”.'],
    [
      'buy TSLA 900000',
      /Above the USD.250,000 limit: 900,000 TSLA amount to USD.*\. Try “\/trade buy TSLA \d/,
    ],
    [
      'buy TSLA 1 limit 1',
      /The limit of USD.1\.00 is 9\d\.\d\d.% from the market .* Try “\/trade buy TSLA 1”\./,
    ],
  ])('is refused to the requester alone: %s', async (ticket, words) => {
    const { text, status, result } = await refusedTo(`/trade ${ticket}`);
    expect(text).toMatch(words);
    expect(text).toContain('Nobody was asked');
    expect([status, result.outcome]).toEqual(['SUCCEEDED', 'refused']);
  });

  it.each([
    ['away', { hasNoQuote: true }, /There is no quote for TSLA now/],
    ['stale', { ageSeconds: 200 }, /The last quote for TSLA is 2\d\d seconds old \(maximum 90\)/],
    [
      'wide',
      { spreadPercent: 2 },
      /The spread of TSLA is (?:1\.9\d|2(?:\.0\d)?).% \(maximum 1.%; bid USD.*, ask USD.*\)\. Try again/,
    ],
  ])('is refused while the market is %s', async (_market, event, words) => {
    await tellMarket(desk, 'TSLA', event);
    const { text, result } = await refusedTo('/trade buy TSLA 1');
    expect(text).toMatch(words);
    expect(result.outcome).toBe('refused');
    await tellMarket(desk, 'TSLA', {});
  });
});

describe('a market that moves while people decide', () => {
  it('fills nothing, and one press asks again at the new price', async () => {
    const message = await desk.ask('/trade buy GOOGL 5 -- before the split');
    const arn = await desk.lastExecution();
    await tellMarket(desk, 'GOOGL', { factor: 0.5 });
    await desk.press(BEN, message, 'approve');
    const { status, result, terms, fill, stock_price: shown } = await outcomeOf(arn);
    expect([status, result.outcome, fill]).toEqual(['SUCCEEDED', 'unfilled', undefined]);
    const [, to = ''] = /to USD (\S+): /.exec(result.text) ?? [];
    expect(result.text).toBe(
      `The price moved from USD ${shown.toFixed(2)} to USD ${to}: the limit of USD ${terms.limitPrice} is too far from the market. No order is open.`,
    );
    expect(desk.now(message).text).toMatch(/^Not filled: Buy 5 GOOGL, .*Nothing was done\./s);
    expect(JSON.stringify(desk.now(message).blocks)).toMatch(/"Resubmit, limit [\d.]+"/);

    await desk.press(ANA, message, 'resubmit');
    const again = await desk.lastExecution();
    await desk.slack.redeliver();
    await desk.cloud.settled();
    expect(await desk.lastExecution()).toBe(again);
    expect(hasButtons(desk.now(message))).toBe(false);
    const asked = desk.posts().at(-1)!;
    expect(asked.text).toMatch(
      /Resubmitted after the earlier request was not carried out: “The price moved from .*” <http.*\|Open the message>/,
    );
    expect(asked.text).toContain(': before the split');
    await desk.press(BEN, asked, 'approve');
    const second = await outcomeOf(again);
    expect(second.fill).toMatchObject({ side: 'buy', symbol: 'GOOGL', quantity: 5 });
    expect(Number(second.terms.limitPrice)).toBeCloseTo(Number(to) * 1.025, 0);
    await tellMarket(desk, 'GOOGL', {});
  });

  it('warns of a limit that is not marketable, and cancels the order at once where it is', async () => {
    const probe = await desk.ask('/trade sell NVDA 1');
    const [, bid = '0'] = /Bid \/ ask: USD.([\d.]+)/.exec(probe.text) ?? [];
    const message = await desk.ask(`/trade sell NVDA 3 limit ${(Number(bid) * 1.02).toFixed(2)} ioc`);
    expect(message.text).toMatch(
      /Would not fill now: the limit is above the bid of USD.[\d.]+, so the order would be cancelled at once ·/,
    );
    const arn = await desk.lastExecution();
    await desk.press(BEN, message, 'approve');
    expect((await outcomeOf(arn)).result).toMatchObject({
      outcome: 'unfilled',
      resubmit: { label: expect.stringMatching(/^Resubmit, limit [\d.]+$/) },
    });
  });

  it('sells once where two requests would sell the same shares', async () => {
    const [first, second] = [await desk.ask('/trade sell MSFT 600'), await desk.ask('/trade sell MSFT 590')];
    const arn = await desk.lastExecution();
    for (const message of [first, second])
      for (const person of [BEN, CHLOE, 'U0DANA'])
        if (hasButtons(desk.now(message))) await desk.press(person, message, 'approve');
    expect(desk.now(first).text).toMatch(/^Filled: Sell 600 MSFT/);
    expect(desk.now(second).text).toMatch(/^Not filled: Sell 590 MSFT.*Insufficient position: \d+ held\./s);
    expect(hasButtons(desk.now(second))).toBe(false);
    expect((await outcomeOf(arn)).fill).toBeUndefined();
  });
});
