// The story as a person lives it in the page, by name: pick who you are, type, press, read the fill in the thread.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from './browser.ts';
import { openTradingDesk, type TradingDesk } from './trading-desk.ts';

let desk: TradingDesk;
let browser: Browser;
let page: Page;
const wanderings: string[] = [];

beforeAll(async () => {
  [desk, browser] = await Promise.all([openTradingDesk(), launchBrowser()]);
  page = await browser.newPage();
  page.on('request', (request) => {
    if (!request.url().startsWith(desk.slack.url)) wanderings.push(request.url());
  });
  page.on('pageerror', (error) => wanderings.push(error.message));
  await page.goto(desk.slack.url);
});

afterAll(async () => {
  await browser?.close();
  await desk?.stop();
});

const channel = () => page.getByRole('main');

it('lives the story: Ana asks, Ben approves, the fill is in the thread', async () => {
  await choose('Ana');
  const box = page.getByLabel('Message #trading');
  await box.fill('/trade AMZN 10');
  await box.press('Enter');
  await channel().getByText('Only visible to you').waitFor();
  const approve = channel().getByRole('button', { name: 'Approve' });
  await approve.waitFor();

  await choose('Ben');
  await approve.click();
  await channel()
    .getByText(/approved by/)
    .first()
    .waitFor();
  await approve.waitFor({ state: 'detached' });

  await channel().getByRole('button', { name: '1 reply' }).click();
  const thread = page.getByRole('region', { name: 'Thread' });
  await thread.getByText(/(Bought|Sold) 10 AMZN at USD/).waitFor();
  expect(
    await channel()
      .getByText(/replied to a thread/)
      .count(),
  ).toBe(1);
});

it('shows Ben nothing of what only Ana was told', async () => {
  const whisper = channel().getByText('Only visible to you');
  await choose('Ana');
  await whisper.waitFor();
  await choose('Ben');
  await whisper.waitFor({ state: 'detached' });
  expect(await channel().getByText('Checking AMZN').count()).toBe(0);
});

it('asks nothing from outside this machine, and breaks nowhere', () => {
  expect(wanderings).toEqual([]);
});

async function choose(name: string): Promise<void> {
  const picker = page.getByLabel('You are');
  const labels = await picker.getByRole('option').allTextContents();
  const label = labels.find((each) => each.startsWith(name)) ?? '';
  await picker.selectOption({ label });
}
