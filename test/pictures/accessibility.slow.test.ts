// Checks every message, modal and Home of the gallery with axe.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeFaults } from '../support/axe.ts';
import { launchBrowser } from '../support/browser.ts';
import { walkGallery } from './gallery.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

/** After these, the list of messages has all messages before. Home and modals are checked one by one. */
const LAST = ['message: above the limit', 'direct: audit'];

it.each([
  ['light', 1_280],
  ['dark', 390],
] as const)('the gallery has no fault that axe finds: %s, %i pixels wide', async (colorScheme, width) => {
  const viewport = { width, height: 900 };
  const page = await browser.newPage({ locale: 'en-US', timezoneId: 'UTC', colorScheme, viewport });
  const checked: string[] = [];
  const faults: string[] = [];
  await walkGallery(page, async (name, what) => {
    const isLast = LAST.includes(name);
    if (!isLast && name !== 'home' && !name.startsWith('modal:')) return;
    const part = isLast ? page.locator('#messages') : what;
    checked.push(name);
    faults.push(...(await axeFaults(part)).map((fault) => `${name}: ${fault}`));
  });
  expect(checked.length).toBeGreaterThan(7);
  expect(faults).toEqual([]);
  await page.close();
});
