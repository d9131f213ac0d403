// Plays random interleavings of presses, retries, refreshes, expiry and cancellation, with calls that fail, through the
// real bot and functions: the policy must hold in each. A failing run is shrunk and printed with its history, and with
// its seed and path, which repeat it:
//   INTERLEAVINGS_SEED=… INTERLEAVINGS_PATH=… npx vitest run test/interleavings/interleavings.slow.test.ts
// INTERLEAVINGS=10000 plays more of them. Called by the tests of this folder.
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { faultsAtTheEnd, messageFaults } from './checks.ts';
import { choices, type Gesture, gestures, setting } from './gestures.ts';
import { judgeWrites } from './judge-writes.ts';
import { expire, play, settle } from './play.ts';
import type { Setting } from './trade.ts';
import { openWorld, type World } from './world.ts';

const { INTERLEAVINGS: given, INTERLEAVINGS_SEED: seed, INTERLEAVINGS_PATH: path } = process.env;

/** Plays so many, unless the environment says how many. */
export async function checkInterleavings(usual: number): Promise<void> {
  const replay = { ...(seed && { seed: Number(seed) }), ...(path && { path }) };
  const numRuns = Number(given ?? usual);
  await fc.assert(fc.asyncProperty(setting, gestures, choices, holds), {
    numRuns,
    ...replay,
    endOnFailure: true,
  });
}

/** Milliseconds for so many. */
export const timeoutFor = (usual: number) => 60_000 + Number(given ?? usual) * 30;

async function holds(set: Setting, gestured: readonly Gesture[], chosen: readonly number[]): Promise<void> {
  const judge = judgeWrites(set);
  const world = openWorld(set, judge.watch);
  const faults: string[] = [];
  try {
    await play(world, gestured, chosen);
    await settle(world);
    faults.push(...messageFaults(world));
    await expire(world);
    faults.push(...faultsAtTheEnd(world));
  } catch (error) {
    faults.push(String(error));
  }
  expect(told([...faults, ...judge.faults], world)).toBe('');
}

/** Nothing, where there is no fault. */
function told(faults: readonly string[], { history }: World): string {
  return faults.length === 0 ? '' : [...faults, '', 'What happened:', ...history, ''].join('\n');
}
