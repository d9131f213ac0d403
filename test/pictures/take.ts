// `npm run pictures`: takes the pictures of the documents and stores the HTML of each, which a test compares with the
// current views.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { NOW } from '../../conformance/gallery/exhibits.ts';
import { synthesise } from '../../local/synthesise.ts';
import { startWorld } from '../../local/world.ts';
import { launchBrowser } from '../support/browser.ts';
import { lasting, walkGallery } from './gallery.ts';

const FOLDER = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));
const looks = { locale: 'en-US', timezoneId: 'UTC', deviceScaleFactor: 2 } as const;

const pages = {
  thread: { viewport: { width: 1280, height: 880 }, colorScheme: 'light' },
  'thread-dark': { viewport: { width: 1280, height: 880 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 760 }, colorScheme: 'light' },
} as const;

mkdirSync(FOLDER, { recursive: true });
const browser = await launchBrowser();
try {
  await takeGallery(browser);
  await takeStory(browser);
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
