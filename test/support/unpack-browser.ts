// Unpacks the browser once, because test files that do it at the same time would write to the same place. Vitest calls
// it before the first test.
import { unpackBrowser } from './browser.ts';

export async function setup(): Promise<void> {
  await unpackBrowser();
}
