// Tests the stories on the page, by name: Ana asks, Ben and Chloe decide, each in their own browser. Every state of the
// message, every modal and every private answer appears here.
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { withEmptyAccount } from '../support/broker-account.ts';
import { openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

let desk: TradingDesk;
let browser: Browser;
let ana: Page;
let ben: Page;
let chloe: Page;
const wanderings: string[] = [];

beforeAll(async () => {
  [desk, browser] = await Promise.all([openTradingDesk(), launchBrowser()]);
  [ana, ben, chloe] = await Promise.all([sitDown('Ana'), sitDown('Ben'), sitDown('Chloe')]);
});

afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});

async function sitDown(name: string): Promise<Page> {
  const page = await browser.newPage({ locale: 'en-US', timezoneId: 'UTC' });
  page.setDefaultTimeout(10_000);
  page.on('request', (request) => {
    if (!request.url().startsWith(desk.slack.url)) wanderings.push(request.url());
  });
  page.on('pageerror', (error) => wanderings.push(error.message));
  await page.goto(desk.slack.url);
  const picker = page.getByLabel('You are');
  await picker.getByRole('option').first().waitFor({ state: 'attached' });
  const labels = await picker.getByRole('option').allTextContents();
  await picker.selectOption({ label: labels.find((label) => label.startsWith(name)) ?? '' });
  return page;
}

async function type(page: Page, text: string): Promise<void> {
  const box = page.getByLabel('Message #trading');
  await box.fill(text);
  await box.press('Enter');
}

/** The message that speaks of this, as this person sees it in the channel. */
function message(page: Page, words: string): Locator {
  return page
    .getByRole('main')
    .getByRole('article')
    .filter({ hasText: words })
    .filter({ hasText: 'Requested by' });
}

const press = (where: Locator, button: string) =>
  where.getByRole('button', { name: button, exact: true }).click();
const says = (where: Locator, words: string | RegExp) => where.getByText(words).first().waitFor();
const hears = (page: Page, words: string | RegExp) =>
  page
    .getByRole('main')
    .getByRole('article')
    .filter({ hasText: 'Only visible to you' })
    .getByText(words)
    .first()
    .waitFor();

describe('page story', () => {
  it('an approved request is filled, and the fill is in the thread and the channel', async () => {
    await says(ana.getByRole('main'), 'Nothing here yet. Type /trade buy AMZN 10 below and press Enter.');
    await type(ana, '/trade AMZN 10');
    await hears(ana, /^Checking: /);
    const asked = message(ben, '10 AMZN');
    await says(asked, /Pending: (Buy|Sell) 10 AMZN/);
    await says(asked, '@Ben');
    await press(asked, 'Approve');
    await says(asked, /Filled: (Buy|Sell) 10 AMZN/);
    expect(await asked.getByRole('button', { name: 'Approve' }).count()).toBe(0);

    await press(message(chloe, '10 AMZN'), '1 reply');
    const thread = chloe.getByRole('region', { name: 'Thread' });
    await says(thread, /(Bought|Sold) 10 AMZN at USD/);
    await says(chloe.getByRole('main'), /replied to a thread/);
  });

  it('a form shows its error, is corrected, is declined with a reason, and is resubmitted by one press', async () => {
    await type(ana, '/trade');
    const form = ana.getByRole('dialog', { name: 'Trade' });
    await form.getByLabel('Symbol').selectOption('NVDA');
    await form.getByLabel('Quantity').fill('2000000');
    await form.getByLabel('Note').fill('London *asked* <!channel>');
    await press(form, 'Ask for approval');
    await says(form, 'The quantity must be a whole number of shares from 1 to 1,000,000, not “2000000”.');
    await form.getByLabel('Quantity').fill('7');
    await press(form, 'Ask for approval');
    await form.waitFor({ state: 'detached' });

    const asked = message(chloe, '7 NVDA');
    await says(asked, /London .*asked.* <!channel>/);
    await press(asked, 'Decline');
    const modal = chloe.getByRole('dialog', { name: 'Decline' });
    await says(modal, /(Buy|Sell) 7 NVDA, total USD/);
    await press(modal, 'Back');
    await says(asked, /Needs approval from/);
    await press(asked, 'Decline');
    await modal.getByLabel('Reason').fill('Earnings are tonight');
    await press(modal, 'Decline');
    await says(asked, /Declined: (Buy|Sell) 7 NVDA/);
    await says(asked, /“Earnings are tonight”/);

    await press(message(ana, '“Earnings are tonight”'), 'Resubmit');
    await hears(ana, /^Resubmitted/);
    await says(message(ana, '“Earnings are tonight”'), /Resubmitted by/);
    await says(
      message(ben, 'Needs approval from').filter({ hasText: '7 NVDA' }),
      /Pending: (Buy|Sell) 7 NVDA/,
    );
  });

  it('a large amount asks for confirmation', async () => {
    await type(ana, '/trade MSFT 400');
    const asked = message(ben, '400 MSFT');
    const approve = asked.getByRole('button', { name: /^Approve USD\s[\d,.]+$/ });
    await approve.click();
    const dialog = ben.getByRole('dialog', { name: 'Approve this?' });
    await says(dialog, /(Buy|Sell) 400 MSFT · (Total at most|Total at least|Estimated total): USD/);
    await press(dialog, 'Go back');
    await says(asked, /Needs 2 approvals from/);
    await approve.click();
    await press(dialog, 'Approve');
    await says(asked, /1 of 2 approvals: @Ben at/);
  });

  it('a second press by the same person and a late press by another change nothing, and both are told', async () => {
    await type(ana, '/trade TSLA 3');
    const asked = message(ben, '3 TSLA');
    await asked.getByRole('button', { name: 'Approve' }).waitFor();
    const { ts } = desk.slack.messages().find(({ text }) => text.includes('3 TSLA')) ?? { ts: '' };
    await Promise.all([desk.slack.press('U0BEN', ts, 'approve'), desk.slack.press('U0CHLOE', ts, 'approve')]);
    await says(asked, /Filled/);
    await Promise.race([hears(ben, /^Already decided/), hears(chloe, /^Already decided/)]);
    // The reply in the thread follows the update of the message.
    await desk.cloud.settled();
    expect(
      desk.slack.messages().filter(({ text }) => text.includes('*Filled.*') && text.includes('3 TSLA')),
    ).toHaveLength(1);
  });

  it('a late press is refused, the request expires and is resubmitted', async () => {
    await type(ana, '/trade AAPL 4');
    const asked = message(ben, '4 AAPL');
    await asked.getByRole('button', { name: 'Approve' }).waitFor();
    await desk.cloud.advance(896_500);
    await press(asked, 'Approve');
    await hears(ben, /^Your press came too late/);
    await desk.cloud.advance(5_000);
    await says(asked, /Expired: (Buy|Sell) 4 AAPL/);
    await asked.getByRole('button', { name: 'Resubmit' }).waitFor();
  });

  it('an order that cannot be placed shows as not filled, with the reason', async () => {
    await type(ana, '/trade GOOGL 9');
    const asked = message(ben, '9 GOOGL');
    // Pre-Trade Check would refuse the order with an empty account.
    await asked.getByRole('button', { name: 'Approve' }).waitFor();
    await withEmptyAccount(desk.cloud, 'GOOGL', async () => {
      await press(asked, 'Approve');
      await says(asked, /Not filled: (Buy|Sell) 9 GOOGL/);
    });
    await says(asked, /Insufficient (cash|position): /);
  });

  it('a stopped execution shows as cancelled, and Decline changes nothing', async () => {
    await type(ana, '/trade AMZN 5');
    const asked = message(chloe, '5 AMZN');
    await press(asked, 'Decline');
    const modal = chloe.getByRole('dialog', { name: 'Decline' });
    await says(modal, /5 AMZN/);
    await desk.sfn.send(
      new StopExecutionCommand({ executionArn: await desk.lastExecution(), cause: 'The desk is closed' }),
    );
    await desk.cloud.settled();
    await press(modal, 'Decline');
    await modal.waitFor({ state: 'detached' });
    await hears(chloe, /^Nothing changed/);
    await says(asked, /Cancelled: (Buy|Sell) 5 AMZN/);
  });

  it('a wrong command and help are answered privately', async () => {
    await type(chloe, '/trade NOPE 1');
    await hears(chloe, /NOPE is not a symbol that can be traded here/);
    await type(chloe, '/trade help');
    await hears(chloe, /opens a form\./);
    expect(await ben.getByText('NOPE is not a symbol').count()).toBe(0);
  });

  it('the panel shows the execution: its states, the current one, and its history', async () => {
    await type(ana, '/trade NVDA 2');
    await message(ana, '2 NVDA').getByRole('button', { name: 'Approve' }).waitFor();
    const panel = ana.getByRole('complementary', { name: 'Execution' });
    if (!(await panel.isVisible())) await ana.getByRole('button', { name: 'Execution' }).click();
    await says(panel, 'Request Human Approval');
    await says(panel, 'Buy or Sell?');
    await press(message(ben, '2 NVDA'), 'Approve');
    await says(panel, 'Report Result');
    await panel
      .locator('#status')
      .filter({ hasText: /succeeded/i })
      .waitFor();
    const tokens = await ana.content();
    expect(tokens).not.toContain('TaskToken');
  });

  it('the page called nothing outside this machine and threw no error', () => {
    expect(wanderings).toEqual([]);
  });
});
