// `npm run faults`: every outside call that the stories make, broken in every way, as a table; exit 1 where anything
// was lost, doubled, stuck or silent.  --seed 7  --part 2/5 (every fifth cell, from the second on)  --row text --way text
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { synthesise } from '../local/synthesise.ts';
import { allCells, type Cell, type Chance, type Played, play, record } from './cells.ts';
import { type Desk, openDesk } from './desk.ts';
import { asTable } from './table.ts';

/** Cells that are played at one desk: its account must not run out, nor its channel become long. */
const AT_ONE_DESK = 30;

/** Desks at once. */
const LANES = 2;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    part: { type: 'string', default: '1/1' },
    row: { type: 'string', default: '' },
    way: { type: 'string', default: '' },
    assembly: { type: 'string' },
  },
});

const say = (text: string) => process.stdout.write(`${text}\n`);
const assembly = values.assembly ?? mkdtempSync(join(tmpdir(), 'countersign-faults-'));
if (!values.assembly) await synthesise(assembly);
const rows = await record(assembly);
const [which = 1, of = 1] = values.part.split('/').map(Number);
const cells = allCells(rows).filter(
  ({ row, way }, index) =>
    index % of === which - 1 && row.name.includes(values.row) && way.includes(values.way),
);
say(
  `${rows.length} calls, ${allCells(rows).length} cells; part ${values.part}, seed ${values.seed}: ${cells.length} cells`,
);
const played: Played[] = [];
const waiting = [...cells];
await Promise.all(Array.from({ length: LANES }, (_, lane) => workThrough(lane)));
say(asTable(rows, played));
const red = played.filter(({ breaches }) => breaches.length > 0);
for (const { cell, where, breaches } of red)
  say(
    `\n${cell.row.name} · ${cell.way} (${where})\n${breaches.map(({ kind, words }) => `  ${kind}: ${words}`).join('\n')}`,
  );
say(`\n${played.length} cells, ${red.length} broken; seed ${values.seed}, part ${values.part}`);
if (!values.assembly) rmSync(assembly, { recursive: true });
process.exitCode = red.length > 0 ? 1 : 0;

async function workThrough(lane: number): Promise<void> {
  let desk: Desk | undefined;
  let left = 0;
  for (let cell = waiting.shift(); cell; cell = waiting.shift()) {
    if (!desk || left === 0) {
      await desk?.stop();
      desk = await openDesk(assembly);
      left = AT_ONE_DESK;
    }
    left -= 1;
    const result = await play(desk, cell, chanceOf(cell));
    played.push(result);
    progress(lane, result);
    // What a broken cell left behind is not the next one's.
    if (result.breaches.length > 0) left = 0;
  }
  await desk?.stop();
}

function progress(lane: number, { cell, word, breaches }: Played): void {
  const verdict =
    breaches.length > 0 ? `BROKEN ${[...new Set(breaches.map(({ kind }) => kind))].join(', ')}` : word;
  process.stderr.write(
    `${played.length}/${cells.length} [${lane}] ${cell.row.name} · ${cell.way}: ${verdict}\n`,
  );
}

/** The same cell meets the same chance with the same seed, whichever part is played. */
function chanceOf({ row, way }: Cell): Chance {
  let state = [...`${values.seed} ${row.name} ${way}`].reduce(
    (hash, char) => Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16_777_619),
    2_166_136_261,
  );
  return () => {
    state = Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e_37_79_b9;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}
