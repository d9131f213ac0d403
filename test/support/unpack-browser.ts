// Unpacks the browser once, before several test files would do it at the same moment into the same place. Vitest calls it
// before the first.
import { unpackBrowser } from './browser.ts';

export async function setup(): Promise<void> {
  await unpackBrowser();
}
