// Tests tickets on the page, as a trader lives them: both sides, a limit, a side against the recommendation, a refusal
// before anybody is asked, and a price that moves. `ticket.test.ts` tests the same by calls.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { tellMarket } from '../support/market.ts';
import {
  articles,
  hasNo,
  hears,
  open,
  press,
  request,
  says,
  sitDown,
  type,
} from '../support/people-at-the-page.ts';
import { openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

let desk: TradingDesk;
let browser: Browser;
let ana: Page;
let ben: Page;
const faults: string[] = [];

beforeAll(async () => {
  [desk, browser] = await Promise.all([openTradingDesk(), launchBrowser()]);
  const { url } = desk.slack;
  [ana, ben] = await Promise.all([
    sitDown(browser, url, 'Ana', faults),
    sitDown(browser, url, 'Ben', faults),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});

/** The directory for pictures, if somebody wants to look. */
const PICTURES = process.env['PICTURES'];
const look = async (page: Page, name: string) => {
  if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}.png` });
};

describe('a ticket on the page', () => {
  it.each([
    ['Buy', 'buy 7 $aapl ioc', '7 AAPL', 'Bought'],
    ['Sell', 'AAPL sell 6 shares', '6 AAPL', 'Sold'],
  ])('%ss what the requester chose, and says what the rule thinks', async (side, ticket, words, done) => {
    await type(ana, `/trade ${ticket} -- rebalancing`);
    await hears(ana, new RegExp(`Checking: ${side.toLowerCase()} ${words}`));
    const asked = request(ben, words);
    await says(asked, new RegExp(`Pending: ${side} ${words}`));
    await says(
      asked,
      /(Matches the recommendation|Against the recommendation to (buy|sell)): the price is \d/,
    );
    await look(ben, `asked-${side}`);
    await press(asked, 'Approve');
    await says(asked, new RegExp(`${done} ${words} at USD.*(Slippage: USD|No slippage)`));
    await look(ben, `filled-${side}`);
  });

  it('is read from the form, with the errors at its fields', async () => {
    await type(ana, '/trade');
    const form = ana.getByRole('dialog', { name: 'Trade' });
    await form.getByLabel('Symbol').selectOption('NVDA');
    await form.getByLabel('Quantity').fill('3');
    await form.getByLabel('Limit').fill('184.505');
    await press(form, 'Ask for approval');
    await says(form, /The limit must be a price up to USD.100,000 .*, not “184\.505”\./);
    await form.getByLabel('Limit').fill('1.00');
    await press(form, 'Ask for approval');
    await says(form, /A limit needs a side: buy or sell\./);
    await look(ana, 'form');
    await form.getByLabel('Side').selectOption('sell');
    await form.getByLabel('Limit').fill('');
    await form.getByLabel('Note').fill('before the split');
    await press(form, 'Ask for approval');
    await says(request(ben, '3 NVDA'), /Pending: Sell 3 NVDA/);
    await says(request(ben, '3 NVDA'), /@Ana: before the split/);
  });

  it('is refused to the requester alone before anybody is asked', async () => {
    const before = await articles(ben).count();
    await type(ana, '/trade sell TSLA 1001');
    await open(ana, 'Countersign');
    await says(articles(ana), /Insufficient position: 1,000 held\. Try “\/trade sell TSLA 1,000”\./);
    await look(ana, 'refused');
    expect(await articles(ben).count()).toBe(before);
  });

  it('is asked again at the new price with one press where the price moved', async () => {
    await type(ana, '/trade buy GOOGL 5');
    const asked = request(ben, '5 GOOGL');
    await says(asked, /Pending: Buy 5 GOOGL/);
    await tellMarket(desk, 'GOOGL', { factor: 0.5 });
    await press(asked, 'Approve');
    await says(asked, /The price moved from USD.* to USD.*: the limit of USD.* is too far from the market\./);
    await look(ben, 'moved');
    await request(ana, '5 GOOGL')
      .getByRole('button', { name: /^Resubmit, limit [\d.]+$/ })
      .click();
    const again = request(ben, '5 GOOGL').filter({
      hasText: 'Resubmitted after the earlier request was not',
    });
    await says(again, /not carried out: “The price moved/);
    await says(again, /buy 5 GOOGL was requested before/);
    await look(ben, 'resubmitted');
    await hasNo(request(ben, '5 GOOGL').first(), 'Resubmit');
    await press(again, 'Approve');
    await says(again, /Filled: Buy 5 GOOGL/);
    await look(ben, 'filled-again');
    expect(faults).toEqual([]);
  });
});
