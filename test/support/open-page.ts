// The page of a local Slack in a browser, with the actions of people on it. One browser serves a whole test file.
// Called by the browser tests.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { axeFaults } from './axe.ts';
import { launchBrowser } from './browser.ts';
import { startWithApp } from './start-tiny-app.ts';
import type { Started, StartOptions } from './start-tiny-app.ts';

export const plain = (text: string) => ({ type: 'plain_text', text });

export const tradeForm = {
  type: 'modal',
  callback_id: 'trade-form',
  title: plain('New trade'),
  submit: plain('Trade'),
  blocks: [
    {
      type: 'input',
      block_id: 'symbol',
      label: plain('Symbol'),
      hint: plain('Such as AMZN.'),
      element: { type: 'plain_text_input', action_id: 'symbol', placeholder: plain('AMZN') },
    },
    {
      type: 'input',
      block_id: 'quantity',
      label: plain('Quantity'),
      element: {
        type: 'number_input',
        action_id: 'quantity',
        is_decimal_allowed: false,
        initial_value: '10',
      },
    },
    {
      type: 'input',
      block_id: 'side',
      label: plain('Side'),
      optional: true,
      element: {
        type: 'static_select',
        action_id: 'side',
        options: [
          { text: plain('Buy'), value: 'buy' },
          { text: plain('Sell'), value: 'sell' },
        ],
      },
    },
    {
      type: 'input',
      block_id: 'note',
      label: plain('Note'),
      optional: true,
      element: { type: 'plain_text_input', action_id: 'note', multiline: true },
    },
  ],
};

/** A form in which everything is chosen, nothing typed. */
export const delegateForm = {
  type: 'modal',
  title: plain('Delegate'),
  submit: plain('Save'),
  blocks: [
    {
      type: 'input',
      block_id: 'who',
      label: plain('Who'),
      element: { type: 'users_select', action_id: 'who', placeholder: plain('Select a person') },
    },
    {
      type: 'input',
      block_id: 'until',
      label: plain('Until'),
      hint: plain('The last day.'),
      element: { type: 'datepicker', action_id: 'until', initial_date: '2026-12-24' },
    },
    {
      type: 'input',
      block_id: 'what',
      label: plain('What'),
      hint: plain('One at least.'),
      element: {
        type: 'checkboxes',
        action_id: 'what',
        options: [
          { text: { type: 'mrkdwn', text: '*Buys*' }, value: 'buy', description: plain('What is new to us') },
          { text: plain('Sells'), value: 'sell' },
        ],
      },
    },
  ],
};

export const decision = (confirmed = false) => ({
  type: 'actions',
  block_id: 'decision',
  elements: [
    {
      type: 'button',
      text: plain('Approve'),
      action_id: 'approve',
      style: 'primary',
      ...(confirmed && {
        confirm: {
          title: plain('Buy 10 AMZN?'),
          text: plain('It costs USD 2,000.'),
          confirm: plain('Buy'),
          deny: plain('Not yet'),
        },
      }),
    },
    { type: 'button', text: plain('Decline'), action_id: 'decline', style: 'danger' },
  ],
});

export interface OpenPage extends Started {
  readonly page: Page;
  readonly choose: (name: string) => Promise<void>;
  readonly say: (text: string) => Promise<void>;
  /** Posts as the app; answers the message's ts. */
  readonly post: (text: string, fields?: object) => Promise<string>;
  /** What axe finds wrong, in words. */
  readonly faults: () => Promise<readonly string[]>;
}

let browser: Browser;
let page: Page;
let broken: string[] = [];

/** One page serves all tests of a file: the browser of a package ends with the first page that is closed. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
    page.on('pageerror', ({ message }) => broken.push(message));
  });
  afterAll(() => browser?.close());
}

export async function openPage(options: StartOptions = {}, width = 1280): Promise<OpenPage> {
  const started = await startWithApp(options);
  broken = [];
  onTestFinished(async () => {
    // Before its Slack goes: a page left open would ask for it again and again.
    await page.goto('about:blank');
    expect(broken).toEqual([]);
  });
  await page.setViewportSize({ width, height: 800 });
  await page.goto(started.slack.url);
  // What the page shows comes a moment after the page itself.
  await page.locator('#where:not(:empty)').waitFor();
  const picker = page.getByLabel('You are');
  await picker.getByRole('option').first().waitFor({ state: 'attached' });
  return {
    ...started,
    page,
    choose: async (name) => {
      const labels = await picker.getByRole('option').allTextContents();
      await picker.selectOption({ label: labels.find((each) => each.startsWith(name)) ?? '' });
    },
    say: async (text) => {
      const box = page.getByLabel('Message #trading');
      await box.fill(text);
      await box.press('Enter');
    },
    post: async (text, fields = {}) => {
      const sent = await started.client.apiCall('chat.postMessage', {
        channel: 'C0TRADING',
        text,
        ...fields,
      });
      return 'ts' in sent ? String(sent['ts']) : '';
    },
    faults: () => axeFaults(page.locator('html')),
  };
}

/** What the app does when it is asked by a command: it opens this modal and answers nothing. */
export function opensModal({ app, client }: Started, view: object = tradeForm): void {
  app.answer = async (response) => {
    const form = new URLSearchParams(app.received.at(-1)?.body);
    const payload = JSON.parse(form.get('payload') ?? '{}');
    const trigger_id = form.get('trigger_id') ?? payload.trigger_id;
    if (payload.type !== 'view_submission') await client.apiCall('views.open', { trigger_id, view });
    response.end();
  };
}
