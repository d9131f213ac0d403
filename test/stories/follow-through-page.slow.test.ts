// Tests, on the page, a request that nobody decides on: status, cancelling, reminder and escalation, Home, and
// delegation. `follow-through.test.ts` and `home.test.ts` test the same by calls.
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import {
  hasNo,
  hears,
  open,
  openHome,
  press,
  pressInHome,
  request,
  says,
  sitDown,
  type,
  whispers,
} from '../support/people-at-the-page.ts';
import { openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

const MINUTE = 60_000;
let desk: TradingDesk;
let browser: Browser;
let ana: Page;
let ben: Page;
let chloe: Page;
let dana: Page;
const faults: string[] = [];

beforeAll(async () => {
  [desk, browser] = await Promise.all([openTradingDesk(), launchBrowser()]);
  const { url } = desk.slack;
  [ana, ben, chloe, dana] = await Promise.all([
    sitDown(browser, url, 'Ana', faults),
    sitDown(browser, url, 'Ben', faults),
    sitDown(browser, url, 'Chloe', faults),
    sitDown(browser, url, 'Dana', faults),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});

/** Types it and waits until the request stands in the channel. @returns the name of its execution */
async function ask(page: Page, command: string, words: string): Promise<string> {
  await type(page, command);
  await request(page, words).waitFor();
  await desk.cloud.settled();
  return String((await desk.lastExecution()).split(':').at(-1));
}

/** The last thing that only this person sees and that opens with these words. */
const heard = (page: Page, words: string) => whispers(page).filter({ hasText: words }).last();
const thread = (page: Page) => page.getByRole('region', { name: 'Thread' });
const today = () => new Date(desk.clock.now()).toISOString().slice(0, 10);

async function chooseDelegate(settings: Locator, name: string): Promise<void> {
  await settings.getByLabel('Delegate, who approves in your place').selectOption({ label: name });
  await press(settings, 'Save');
}

describe('follow-through on the page', () => {
  it('status commands show privately all pending requests, the own requests, and one execution by name', async () => {
    await type(chloe, '/trade pending');
    await hears(chloe, /^There are no pending requests\./);
    const name = await ask(ana, '/trade MSFT 3', '3 MSFT');
    const stands =
      /Pending: (Buy|Sell) 3 MSFT, total USD.*Needs approval from @Ben or @Chloe by \d+:\d\d [AP]M (today|tomorrow)\./s;
    for (const [page, typed, title] of [
      [chloe, '/trade pending', 'Pending requests'],
      [ana, '/trade status', 'Your requests'],
      [dana, `/trade status ${name}`, 'Status'],
    ] as const) {
      await type(page, typed);
      await says(heard(page, title), stands);
      await says(heard(page, title), new RegExp(name));
    }
    expect(await ben.getByText(/Pending requests|Your requests|Status/).count()).toBe(0);
    await heard(chloe, 'Pending requests').getByRole('link', { name: 'Message' }).click();
    await says(chloe.getByRole('main').locator('[aria-current="true"]'), /Pending: (Buy|Sell) 3 MSFT/);
  });

  it('the requester cancels with a reason, others may not, and the message says who cancelled and why', async () => {
    const name = await ask(ana, '/trade MSFT 4', '4 MSFT');
    await type(dana, `/trade cancel ${name}`);
    await hears(dana, /^You can't cancel .*4 MSFT/);
    await type(ana, `/trade cancel ${name}`);
    const dialog = ana.getByRole('dialog', { name: 'Cancel' });
    await says(dialog, /^Stop the execution of (Buy|Sell) 4 MSFT, total USD/);
    await press(dialog, 'Stop it');
    await dialog.getByLabel('Reason').and(ana.locator('[aria-invalid="true"]')).waitFor();
    await dialog.getByLabel('Reason').fill('The client called');
    await press(dialog, 'Stop it');
    await dialog.waitFor({ state: 'detached' });
    for (const page of [ana, ben]) {
      const stopped = request(page, '4 MSFT');
      await says(stopped, /Cancelled: (Buy|Sell) 4 MSFT/);
      await says(stopped, /Cancelled by @Ana at .*: “The client called”\. Its execution was stopped/);
      await hasNo(stopped, 'Approve');
    }
    await desk.cloud.settled();
    expect((await desk.execution(await desk.lastExecution())).status).toBe('ABORTED');
  });

  it('an undecided request gets a reminder in the thread, is escalated, and is approved by an escalation target', async () => {
    await ask(ana, '/trade AAPL 5', '5 AAPL');
    const asked = request(dana, '5 AAPL');
    await says(
      asked,
      /^If it stays pending: reminder \d+:\d\d [AP]M \w+ · @risk can approve too from \d+:\d\d [AP]M \w+/,
    );
    await press(asked, 'Approve');
    await hears(dana, /^You can't approve .*5 AAPL/);

    await desk.cloud.advance(8 * MINUTE);
    await press(asked, '1 reply');
    await says(thread(dana), /@Ben or @Chloe: .*5 AAPL.* still waits for one approval, until /);
    await says(asked, /^Reminded \d+:\d\d [AP]M \w+ · if it stays pending: @risk can approve too from /);
    await desk.cloud.advance(4 * MINUTE);
    await says(thread(dana), /@Dana: nobody has decided on .*5 AAPL.*; you may approve it too, until /);
    await says(asked, /^Escalated \d+:\d\d [AP]M \w+ to @risk · if it stays pending: expires /);
    await press(asked, 'Approve');
    await says(request(chloe, '5 AAPL'), /Approved by @Dana at /);
    await says(thread(dana), /(Bought|Sold) 5 AAPL at USD/);
    await desk.cloud.advance(4 * MINUTE);
  });

  it("Home shows Ben's pending request first with its buttons, he approves there, and nothing is pending afterwards", async () => {
    await ask(ana, '/trade AAPL 6', '6 AAPL');
    await ask(ben, '/trade AAPL 7', '7 AAPL');
    const home = await openHome(ben);
    await says(home, /^Pending: (Buy|Sell) 6 AAPL, total USD.*Needs approval /s);
    const headings = await home.getByRole('heading').allTextContents();
    expect(headings).toEqual([
      'Needs your approval',
      'Waiting on others',
      'Recent decisions',
      'Your settings',
    ]);
    // One’s own does not wait for oneself.
    expect(await home.innerText()).toMatch(/Needs your approval\s.* 6 AAPL[^]*Waiting on others\s.* 7 AAPL/);
    await pressInHome(home, 'Approve');
    await says(home, /^Nothing needs your approval\.$/);
    await hasNo(home, 'Approve');
    await says(request(chloe, '6 AAPL'), /Approved by @Ben at /);

    await open(ben, '# trading');
    await press(request(ben, '7 AAPL'), 'Decline');
    const dialog = ben.getByRole('dialog', { name: 'Decline' });
    await dialog.getByLabel('Reason').fill('Not any more');
    await press(dialog, 'Decline');
    await says(request(chloe, '7 AAPL'), /Withdrawn by @Ben at .*: “Not any more”/);
    await says(await openHome(ben), /Nothing is waiting on others\./);
  });

  it('Ben is out of office and cannot be his own delegate; Dana approves for him, and the message says so', async () => {
    const home = await openHome(ben);
    await pressInHome(home, 'Change');
    const settings = ben.getByRole('dialog', { name: 'Your settings' });
    await settings.getByLabel('Last day out of office').fill(today());
    await chooseDelegate(settings, 'Ben');
    await says(settings, /^You cannot be your own delegate\. Choose somebody else, or nobody\.$/);
    expect(
      await settings.getByLabel('Delegate, who approves in your place').getAttribute('aria-invalid'),
    ).toBe('true');
    expect(await home.getByText(/You are out/).count()).toBe(0);
    await chooseDelegate(settings, 'Dana');
    await settings.waitFor({ state: 'detached' });
    await says(home, /You are out until the end of .*\. Your delegate is @Dana\./);

    await ask(ana, '/trade NVDA 8', '8 NVDA');
    await open(ben, '# trading');
    await press(request(ben, '8 NVDA'), 'Approve');
    await hears(ben, /^You can't approve .*8 NVDA/);
    await press(request(dana, '8 NVDA'), 'Approve');
    for (const page of [ana, ben, chloe])
      await says(request(page, '8 NVDA'), /Approved by @Dana for @Ben at /);
  });

  it('the page threw no error', () => {
    expect(faults).toEqual([]);
  });
});
