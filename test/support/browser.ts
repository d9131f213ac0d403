// Starts a headless browser that needs no installation: CHROMIUM_PATH, else an installed Chromium or Chrome, else (on
// Linux x64) the one in a package, with its own system libraries. Called by the browser tests.
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import bundled, { inflate } from '@sparticuz/chromium';
import { type Browser, chromium, type Page } from 'playwright-core';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Quiet: nothing that a test does not ask for goes out of this machine. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export async function launchBrowser(): Promise<Browser> {
  const executablePath = installed();
  if (executablePath)
    return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', ...QUIET] });
  const unpacked = await unpackBrowser();
  if (!unpacked)
    throw new Error(
      'There is no browser for the tests: install Chromium or Chrome, or set CHROMIUM_PATH to one.',
    );
  const environment = {
    ...process.env,
    LD_LIBRARY_PATH: unpacked.libraries,
    FONTCONFIG_PATH: unpacked.fonts,
  };
  const env = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined));
  // In one process, as that package has it for Lambda, it dies when a page is closed.
  const args = bundled.args.filter((arg) => arg !== '--single-process');
  return chromium.launch({ executablePath: unpacked.executablePath, args: [...args, ...QUIET], env });
}

/** Unpacks the browser that comes in a package, where it is the one to use. Not by several at once. */
export async function unpackBrowser() {
  if (installed() || process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const bin = join(import.meta.dirname, '../../node_modules/@sparticuz/chromium/bin');
  const executablePath = await bundled.executablePath(bin);
  const libraries = join(await inflate(join(bin, 'al2023.tar.br')), 'lib');
  return { executablePath, libraries, fonts: join(tmpdir(), 'fonts') };
}

function installed(): string | undefined {
  return process.env['CHROMIUM_PATH'] ?? INSTALLED.find((path) => existsSync(path));
}

/** Closes the tour of the page before it opens, for pictures and for tests of what is below it. */
export async function closeTour(page: Page): Promise<void> {
  await page.addInitScript("localStorage.setItem('tour', 'closed')");
}
