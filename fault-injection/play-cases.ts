// Plays cases in parallel harnesses, each case with its own random numbers. `npm run faults` and the tests call it.
import { createHash } from 'node:crypto';
import { type Case, type Random, type CaseResult, play } from './cases.ts';
import { type Harness, openHarness } from './harness.ts';
import { playState, type StateCase, type StateResult } from './state-cases.ts';
import type { Violation } from './violation.ts';

/** Maximum number of cases in one harness. More could exhaust its simulated account or make its channel too long. */
const CASES_PER_HARNESS = 30;

const PARALLEL_HARNESSES = 2;

export function playCases(
  assembly: string,
  cases: readonly Case[],
  seed: string,
  onResult?: (played: CaseResult) => void,
): Promise<readonly CaseResult[]> {
  return playAll(
    assembly,
    cases,
    (harness, testCase) => play(harness, testCase, randomOf(testCase, seed)),
    onResult,
  );
}

export function playStates(
  assembly: string,
  cases: readonly StateCase[],
  onResult?: (played: StateResult) => void,
): Promise<readonly StateResult[]> {
  return playAll(assembly, cases, playState, onResult);
}

async function playAll<Played, Result extends { readonly violations: readonly Violation[] }>(
  assembly: string,
  cases: readonly Played[],
  playOne: (harness: Harness, testCase: Played) => Promise<Result>,
  onResult: (played: Result) => void = () => {},
): Promise<readonly Result[]> {
  const waiting = [...cases];
  const all: Result[] = [];
  const workThrough = async (): Promise<void> => {
    let harness: Harness | undefined;
    let left = 0;
    for (let testCase = waiting.shift(); testCase; testCase = waiting.shift()) {
      if (!harness || left === 0) {
        await harness?.stop();
        harness = await openHarness(assembly);
        left = CASES_PER_HARNESS;
      }
      const played = await playOne(harness, testCase);
      all.push(played);
      onResult(played);
      // After a violation, the next case starts in a new harness.
      left = played.violations.length > 0 ? 0 : left - 1;
    }
    await harness?.stop();
  };
  await Promise.all(Array.from({ length: PARALLEL_HARNESSES }, workThrough));
  return all;
}

/** The same case and seed give the same numbers, whichever other cases are played. */
function randomOf({ row, faultType }: Case, seed: string): Random {
  let state = createHash('sha256').update(`${seed} ${row.name} ${faultType}`).digest().readUInt32LE();
  return () => {
    state = Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e_37_79_b9;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}
