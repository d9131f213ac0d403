// Plays many cells, a few desks at once, each with the chance of its own seed. The command and the tests call it.
import { createHash } from 'node:crypto';
import { type Cell, type Chance, type Played, play } from './cases.ts';
import { type Desk, openDesk } from './harness.ts';

/** Cells that are played at one desk: its account must not run out, nor its channel become long. */
const AT_ONE_DESK = 30;

/** Desks at once. */
const DESKS = 2;

export async function playCells(
  assembly: string,
  cells: readonly Cell[],
  seed: string,
  told: (played: Played) => void = () => {},
): Promise<readonly Played[]> {
  const waiting = [...cells];
  const all: Played[] = [];
  const workThrough = async (): Promise<void> => {
    let desk: Desk | undefined;
    let left = 0;
    for (let cell = waiting.shift(); cell; cell = waiting.shift()) {
      if (!desk || left === 0) {
        await desk?.stop();
        desk = await openDesk(assembly);
        left = AT_ONE_DESK;
      }
      const played = await play(desk, cell, chanceOf(cell, seed));
      all.push(played);
      told(played);
      // What a broken cell left behind is not the next one's.
      left = played.breaches.length > 0 ? 0 : left - 1;
    }
    await desk?.stop();
  };
  await Promise.all(Array.from({ length: DESKS }, workThrough));
  return all;
}

/** The same cell meets the same chance with the same seed, whichever others are played. */
function chanceOf({ row, way }: Cell, seed: string): Chance {
  let state = createHash('sha256').update(`${seed} ${row.name} ${way}`).digest().readUInt32LE();
  return () => {
    state = Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e_37_79_b9;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}
