// Compares the pictures in the documents with the current views: their stored HTML must equal a fresh rendering.
import { existsSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { lasting, walkGallery } from './gallery.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser.close());

describe('pictures', () => {
  it('are up to date (if not: npm run pictures)', async () => {
    const page = await browser.newPage({
      locale: 'en-US',
      timezoneId: 'UTC',
      viewport: { width: 900, height: 900 },
    });
    const seen: string[] = [];
    await walkGallery(page, async (name, what) => {
      seen.push(`<!-- ${name} -->`, lasting(await what.evaluate((shown) => shown.outerHTML)));
    });
    expect(`${seen.join('\n')}\n`).toBe(readFileSync('docs/pictures/rendered.html', 'utf8'));
  });

  it.each(['README.md', 'docs/reference/slack-messages.md'])('shown in %s exist', (document) => {
    const shown = [...readFileSync(document, 'utf8').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(
      ([, path = '']) => path,
    );
    expect(shown.length).toBeGreaterThan(0);
    for (const path of shown)
      expect(existsSync(new URL(path, new URL(document, `file://${process.cwd()}/`)))).toBe(true);
  });
});
