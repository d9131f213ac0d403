// The guards that make the fault table hold, and the cells that break without each. Called by the tests of this folder.
import { rmSync } from 'node:fs';
import { expect, inject } from 'vitest';
import { allCells, type Cell, partOf, type Row } from '../../fault-injection/cases.ts';
import { playCells } from '../../fault-injection/play-cases.ts';
import { withoutLine } from '../../fault-injection/mutate-source.ts';

/** A guard, the line that is it, what stands in its place, and where it is missed: in which story, by which call, broken how. */
export const guards = [
  {
    guard: 'the conditional put',
    file: 'aws/approval-items.ts',
    line: "        ConditionExpression: 'attribute_not_exists(id)',\n",
    instead: '',
    story: 'expired',
    missed: 'RequestApproval → slack chat.postMessage · killed after',
  },
  {
    guard: 'the conditional vote',
    file: 'aws/votes.ts',
    line: '`${PENDING} AND ${MAY_APPROVE} AND outstanding ',
    instead: '`(${PENDING} AND ${MAY_APPROVE} OR attribute_exists(id)) AND outstanding ',
    story: 'approved by two',
    missed: 'Bot → dynamodb UpdateItem Approvals approval: votes.#by, outstanding, trail · reply lost',
  },
  {
    guard: 'the look for what was posted',
    file: 'slack/messages/find-message.ts',
    line: '    if (found) return found.ts;\n',
    instead: '',
    story: 'cancelled',
    missed: 'RelayResult → slack chat.postMessage in the thread · killed after',
  },
  {
    guard: 'the look whether the record moved',
    file: 'aws/approvals-table.ts',
    line: "ConditionExpression: 'revision = :shown'",
    instead: "ConditionExpression: 'attribute_exists(revision)'",
    story: 'approved',
    missed: 'Bot → slack chat.update · late',
  },
  {
    guard: 'the watch',
    file: 'functions/reconcile.ts',
    line: '          if (approval) await watch(approval, watching);\n',
    instead: '',
    story: 'Step Functions away, and nobody presses again',
    missed: 'Bot → states StopExecution · late',
  },
  {
    guard: 'that each record of a batch fails alone',
    file: 'functions/sqs-batch.ts',
    line: 'batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier }))',
    instead: 'batchItemFailures: []',
    story: 'approved',
    missed: 'RequestApproval → dynamodb PutItem Approvals approval · malformed reply',
  },
];

/** Expects that the case holds with the guard and breaks without it. */
export async function checkGuard(
  rows: readonly Row[],
  { story, missed, ...edit }: (typeof guards)[number],
): Promise<void> {
  const cells = [cell(rows, missed, story)];
  const kept = await withoutLine(inject('assembly'), { ...edit, instead: edit.line });
  expect(await broken(kept, cells)).toEqual([]);
  const taken = await withoutLine(inject('assembly'), edit);
  expect(await broken(taken, cells)).not.toEqual([]);
  for (const assembly of [kept, taken]) rmSync(assembly, { recursive: true });
}

/** Expects that today's part of the table holds. The table has so many parts. */
export async function checkPart(rows: readonly Row[], parts: number): Promise<void> {
  const cells = partOf(allCells(rows), partOfToday(parts), parts);
  expect(cells.length).toBeGreaterThan(200 / parts);
  expect(await broken(inject('assembly'), cells)).toEqual([]);
}

/** From 1 on: another each day. */
export const partOfToday = (parts: number) => 1 + (Math.floor(Date.now() / 86_400_000) % parts);

async function broken(assembly: string, cells: readonly Cell[]): Promise<readonly string[]> {
  const played = await playCells(assembly, cells, 'test');
  return played
    .filter(({ breaches }) => breaches.length > 0)
    .map(
      ({ cell: { row, way }, where, breaches }) =>
        `${row.name} · ${way} (${where}): ${breaches.map(({ words }) => words).join('; ')}`,
    );
}

/** The first call of that name in that story. */
function cell(rows: readonly Row[], name: string, story: string): Cell {
  const found = allCells(rows).find(({ row, way }) => `${row.name} · ${way}` === name);
  if (!found) throw new Error(`There is no cell ${name}`);
  return { ...found, row: { ...found.row, happens: [{ story, times: 1 }] } };
}
