// `npm run pictures`: takes the pictures of the documents and stores the HTML of each, which a test compares with the
// current views.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { NOW } from '../../conformance/gallery/exhibits.ts';
import { progress } from '../../local/progress.ts';
import { synthesise } from '../../local/synthesise.ts';
import { startWorld } from '../../local/world.ts';
import { closeTour, launchBrowser } from '../support/browser.ts';
import { tellMarket } from '../support/market.ts';
import { lasting, walkGallery } from './gallery.ts';

const FOLDER = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const looks = { locale: 'en-US', timezoneId: 'UTC', deviceScaleFactor: 2 } as const;

const pages = {
  thread: { viewport: { width: 1280, height: 880 }, colorScheme: 'light' },
  'thread-dark': { viewport: { width: 1280, height: 880 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 760 }, colorScheme: 'light' },
} as const;

mkdirSync(FOLDER, { recursive: true });
progress('Starting the browser …');
const browser = await launchBrowser();
try {
  const [only] = process.argv.slice(2);
  if (only !== 'orders') await takeGallery(browser);
  if (only !== 'orders') await takeStory(browser);
  await takeOrders(browser);
} finally {
  await browser.close();
}

async function takeGallery(open: Browser): Promise<void> {
  const page = await open.newPage({ ...looks, viewport: { width: 900, height: 900 } });
  const seen: string[] = [];
  await walkGallery(page, async (name, what) => {
    // First, since taking a picture touches the fields.
    seen.push(`<!-- ${name} -->`, lasting(await what.evaluate((shown) => shown.outerHTML)));
    await what.screenshot({ path: `${FOLDER}${fileName(name)}.png` });
    process.stdout.write(`${name}\n`);
  });
  writeFileSync(`${FOLDER}rendered.html`, `${seen.join('\n')}\n`);
  await page.close();
}

/** The page itself, at the end of the story: a desktop in light and dark, and a phone. */
async function takeStory(open: Browser): Promise<void> {
  const assembly = fileURLToPath(new URL('../../.local/pictures', import.meta.url));
  progress('Synthesising the stack …');
  await synthesise(assembly);
  const world = await startWorld({ assembly, port: 0, awsPort: 0, start: NOW, log: () => {} });
  try {
    await world.slack.say('U0ANA', '/trade AMZN 10');
    await world.cloud.settled();
    const [message] = world.slack.messages();
    await world.slack.press('U0BEN', message?.ts ?? '', 'approve');
    await world.cloud.settled();
    await world.slack.say('U0CHLOE', '/trade NVDA 500');
    await world.cloud.settled();
    // Two must approve that much.
    await world.slack.press('U0DANA', world.slack.messages().at(-1)?.ts ?? '', 'approve');
    await world.cloud.settled();
    for (const [name, options] of Object.entries(pages)) await takePage(open, world.slack.url, name, options);
  } finally {
    await world.stop();
  }
}

async function takePage(
  open: Browser,
  url: string,
  name: string,
  options: (typeof pages)[keyof typeof pages],
): Promise<void> {
  const page: Page = await open.newPage({ ...looks, ...options });
  await closeTour(page);
  await page.goto(url);
  await page.getByLabel('You are').selectOption('U0BEN');
  if (name !== 'phone') await page.getByRole('main').getByRole('button', { name: '1 reply' }).click();
  await page
    .getByText(/at USD/)
    .first()
    .waitFor();
  await page.screenshot({ path: `${FOLDER}${name}.png` });
  process.stdout.write(`${name}\n`);
  await page.close();
}

function fileName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]+/g, '-');
}

/** Orders that are not filled at once: one that waits, and the threads of three that ended. */
async function takeOrders(open: Browser): Promise<void> {
  const assembly = fileURLToPath(new URL('../../.local/pictures', import.meta.url));
  const world = await startWorld({ assembly, port: 0, awsPort: 0, start: NOW, log: () => {} });
  const { cloud, slack } = world;
  const ask = async (quantity: number) => {
    await slack.say('U0ANA', `/trade buy AMZN ${quantity}`);
    await cloud.settled();
    // The price rises above the limit before somebody approves.
    await tellMarket(world, 'AMZN', { factor: 1.03 });
    await slack.press('U0BEN', slack.messages().at(-1)?.ts ?? '', 'approve');
    await cloud.settled();
    await cloud.advance(2_000);
  };
  const take = (name: string) => takeThread(open, slack.url, name);
  try {
    await ask(10);
    await take('order-waits');
    await tellMarket(world, 'AMZN', { shares: 1 });
    await cloud.advance(400_000);
    await take('order-partly-filled');
    await tellMarket(world, 'AMZN', {});
    await ask(11);
    await cloud.advance(400_000);
    await take('order-not-filled');
    await tellMarket(world, 'AMZN', {});
    await ask(12);
    await slack.press('U0ANA', slack.messages().at(-1)?.ts ?? '', 'trade-cancel-order');
    await cloud.advance(70_000);
    await take('order-cancelled');
  } finally {
    await world.stop();
  }
}

/** The last message of the channel with its thread. */
async function takeThread(open: Browser, url: string, name: string): Promise<void> {
  const page: Page = await open.newPage({ ...looks, ...pages.thread });
  await closeTour(page);
  await page.goto(url);
  await page.getByLabel('You are').selectOption('U0ANA');
  await page
    .getByRole('main')
    .getByRole('button', { name: /^\d repl(y|ies)$/ })
    .last()
    .click();
  await page
    .getByText(/at the broker|Bought|cancelled|limit of/)
    .last()
    .waitFor();
  await page.screenshot({ path: `${FOLDER}${name}.png` });
  process.stdout.write(`${name}\n`);
  await page.close();
}
