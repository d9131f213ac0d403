// Plays many cells, a few desks at once, each with the chance of its own seed. The command and the tests call it.
import { createHash } from 'node:crypto';
import { type Case, type Chance, type CaseResult, play } from './cases.ts';
import { type Harness, openHarness } from './harness.ts';

/** Cells that are played at one desk: its account must not run out, nor its channel become long. */
const AT_ONE_DESK = 30;

/** Desks at once. */
const DESKS = 2;

export async function playCases(
  assembly: string,
  cases: readonly Case[],
  seed: string,
  told: (played: CaseResult) => void = () => {},
): Promise<readonly CaseResult[]> {
  const waiting = [...cases];
  const all: CaseResult[] = [];
  const workThrough = async (): Promise<void> => {
    let harness: Harness | undefined;
    let left = 0;
    for (let testCase = waiting.shift(); testCase; testCase = waiting.shift()) {
      if (!harness || left === 0) {
        await harness?.stop();
        harness = await openHarness(assembly);
        left = AT_ONE_DESK;
      }
      const played = await play(harness, testCase, chanceOf(testCase, seed));
      all.push(played);
      told(played);
      // What a broken cell left behind is not the next one's.
      left = played.violations.length > 0 ? 0 : left - 1;
    }
    await harness?.stop();
  };
  await Promise.all(Array.from({ length: DESKS }, workThrough));
  return all;
}

/** The same cell meets the same chance with the same seed, whichever others are played. */
function chanceOf({ row, faultType }: Case, seed: string): Chance {
  let state = createHash('sha256').update(`${seed} ${row.name} ${faultType}`).digest().readUInt32LE();
  return () => {
    state = Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e_37_79_b9;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}
