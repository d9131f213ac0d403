// Tests who may approve, on the page: two approvers, own requests, undone approvals, an amount above the limit, a
// guest, and the audit. `policy.test.ts` tests the same by calls.
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
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
let chloe: Page;
let dana: Page;
let eve: Page;
const faults: string[] = [];

beforeAll(async () => {
  [desk, browser] = await Promise.all([openTradingDesk(), launchBrowser()]);
  const { url } = desk.slack;
  [ana, ben, chloe, dana, eve] = await Promise.all([
    sitDown(browser, url, 'Ana', faults),
    sitDown(browser, url, 'Ben', faults),
    sitDown(browser, url, 'Chloe', faults),
    sitDown(browser, url, 'Dana', faults),
    sitDown(browser, url, 'Eve', faults),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});

/** Large amounts ask once more. */
async function approveLarge(page: Page, words: string): Promise<void> {
  await request(page, words)
    .getByRole('button', { name: /^Approve USD/ })
    .click();
  const dialog = page.getByRole('dialog', { name: 'Approve this?' });
  await says(dialog, new RegExp(`${words} · (Total at most|Total at least|Estimated total): USD`));
  await press(dialog, 'Approve');
}

describe('policy on the page', () => {
  it('a large amount is filled after two approvals, everyone sees who may still approve, and Ana gets a direct message', async () => {
    await type(ana, '/trade AMZN 500');
    await says(request(ben, '500 AMZN'), /Needs 2 approvals from @Ben, @Chloe or @Dana by/);
    await approveLarge(ben, '500 AMZN');
    for (const page of [ana, ben, chloe, dana, eve])
      await says(
        request(page, '500 AMZN'),
        /1 of 2 approvals: @Ben at \d+:\d\d [AP]M \w+\. Needs one more approval from @Chloe or @Dana by \d+:\d\d [AP]M \w+\./,
      );
    await desk.cloud.settled();
    expect(await articles(dana).getByRole('button', { name: /repl/ }).count()).toBe(0);

    await approveLarge(dana, '500 AMZN');
    const filled = request(chloe, '500 AMZN');
    await says(filled, /Filled: (Buy|Sell) 500 AMZN/);
    await says(filled, /Approved by @Ben at .* and @Dana at /);
    await hasNo(filled, 'Approve');
    await press(filled, '1 reply');
    await says(chloe.getByRole('region', { name: 'Thread' }), /(Bought|Sold) 500 AMZN at USD/);

    await open(ana, 'Countersign');
    const told = articles(ana).filter({ hasText: '500 AMZN' });
    await says(told, /Filled\. (Bought|Sold) 500 AMZN at USD/);
    await told.getByRole('link', { name: 'Open the message' }).click();
    await says(ana.getByRole('main').locator('[aria-current="true"]'), /Filled: (Buy|Sell) 500 AMZN/);
  });

  it('an own request cannot be approved, and the reason is private; Decline withdraws it', async () => {
    await type(ana, '/trade NVDA 2');
    const own = request(ana, '2 NVDA');
    await press(own, 'Approve');
    await hears(ana, /^You can't approve your own request\. @Ben or @Chloe can approve it\./);
    expect(await ben.getByText("You can't approve your own request").count()).toBe(0);
    await says(own, /Needs approval from @Ben or @Chloe by/);

    await press(own, 'Decline');
    const dialog = ana.getByRole('dialog', { name: 'Decline' });
    await says(dialog, /(Buy|Sell) 2 NVDA, total USD/);
    await dialog.getByLabel('Reason').fill('Wrong symbol');
    await press(dialog, 'Decline');
    await says(request(ben, '2 NVDA'), /Withdrawn by @Ana at .*: “Wrong symbol”/);
    await hasNo(request(ben, '2 NVDA'), 'Approve');
  });

  it('an approval can be undone by the approver and by nobody else', async () => {
    await type(ana, '/trade MSFT 500');
    await approveLarge(ben, '500 MSFT');
    await says(request(chloe, '500 MSFT'), /1 of 2 approvals: @Ben at/);
    await press(request(chloe, '500 MSFT'), 'Undo my approval');
    await hears(chloe, /^You have not approved this, so there is nothing to undo\./);

    await press(request(ben, '500 MSFT'), 'Undo my approval');
    for (const page of [ben, chloe]) {
      await says(request(page, '500 MSFT'), /Needs 2 approvals from @Ben, @Chloe or @Dana by/);
      await hasNo(request(page, '500 MSFT'), 'Undo my approval');
    }
  });

  it('an amount above the limit is refused in a direct message to Ana, and nobody is asked', async () => {
    await type(ana, '/trade TSLA 100000');
    await hears(ana, /^Checking: 100,000 TSLA\. If it passes/);
    await open(ana, 'Countersign');
    await says(
      articles(ana).filter({ hasText: '100,000 TSLA' }),
      /Refused\. Above the USD.250,000 limit: 100,000 TSLA amount to USD.[\d,.]+/,
    );
    expect(await articles(ben).filter({ hasText: '100,000 TSLA' }).count()).toBe(0);
  });

  it('a guest of another workspace can press and reads why nothing is decided', async () => {
    await type(ana, '/trade AAPL 2');
    const asked = request(eve, '2 AAPL');
    await press(asked, 'Approve');
    await hears(eve, /^You can't approve .*2 AAPL.*: you are a member of another workspace\./);
    await press(asked, 'Decline');
    const dialog = eve.getByRole('dialog', { name: 'Decline' });
    await says(dialog, /^You can't decline .*2 AAPL/);
    expect(await dialog.getByLabel('Reason').count()).toBe(0);
    await press(dialog, 'Close');
    await says(asked, /Needs approval from/);
  });

  it('an approver gets the audit of the month as a file in their direct messages', async () => {
    const month = new Date(desk.clock.now()).toISOString().slice(0, 7);
    await type(chloe, `/trade audit ${month}`);
    await hears(chloe, new RegExp(`^The audit of ${month} \\(UTC\\), \\d+ entries`));
    await open(chloe, 'Countersign');
    const [download] = await Promise.all([
      chloe.waitForEvent('download'),
      articles(chloe)
        .getByRole('link', { name: `Download countersign-audit-${month}.csv` })
        .click(),
    ]);
    const content = await readFile((await download.path()) ?? '', 'utf8');
    expect(content).toMatch(/,U0DANA,Dana,dana@local\.example,approved,approved,.*,(Buy|Sell) 500 AMZN,/);
    expect(content).toMatch(
      /,U0EVE,Eve,eve@other\.example,was_refused,,approve,the person is not an approver of this request,/,
    );
  });

  it('the page threw no error', () => {
    expect(faults).toEqual([]);
  });
});
