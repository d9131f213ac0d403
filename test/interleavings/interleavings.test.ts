// Several people at once, and whatever may break: random interleavings of presses, retries, refreshes, expiry and
// cancellation go through the real bot and functions, and the policy holds in each. A failing run is shrunk and printed
// with what happened, and its seed and path, with which it is played again:
//   INTERLEAVINGS_SEED=… INTERLEAVINGS_PATH=… npx vitest run test/interleavings/interleavings.test.ts
// INTERLEAVINGS=10000 plays more of them.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { faultsAtTheEnd, messageFaults } from './checks.ts';
import { choices, type Gesture, gestures, setting } from './gestures.ts';
import { judgeWrites } from './judge-writes.ts';
import { expire, play, settle } from './play.ts';
import type { Setting } from './trade.ts';
import { openWorld, type World } from './world.ts';

const numRuns = Number(process.env['INTERLEAVINGS'] ?? 3_000);
const { INTERLEAVINGS_SEED: seed, INTERLEAVINGS_PATH: path } = process.env;
const replay = { ...(seed && { seed: Number(seed) }), ...(path && { path }) };

it(
  'decides at most once, by the policy, and leaves nobody without an answer',
  { timeout: 60_000 + numRuns * 30 },
  async () => {
    await fc.assert(fc.asyncProperty(setting, gestures, choices, holds), { numRuns, ...replay });
  },
);

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
