// Synthesises the stack once for all tests that run it, like `npm start`. Vitest calls it before the first test.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { synthesise } from '../../local/synthesise.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the cloud assembly. */
    assembly: string;
  }
}

/**
 * Many tests approve a trade minutes after it was requested. The simulated market then leaves a limit of 1 % in one of a
 * hundred trades, and one of 2.5 % never: `domain/trading/market.ts`.
 */
export const WIDE_BAND = ['-c', 'priceBandPercent=2.5'];

export async function setup(project: TestProject): Promise<() => void> {
  const assembly = mkdtempSync(join(tmpdir(), 'countersign-'));
  await synthesise(assembly, WIDE_BAND);
  project.provide('assembly', assembly);
  return () => rmSync(assembly, { recursive: true });
}
