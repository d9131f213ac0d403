// The guards that make the fault table hold, and the cases that fail without each. Called by the tests of this folder.
import { rmSync } from 'node:fs';
import { expect, inject } from 'vitest';
import { allCells, type Cell, partOf, type Played, type Row } from '../../fault-injection/cases.ts';
import { ways } from '../../fault-injection/fault-types.ts';
import { playCells } from '../../fault-injection/play-cases.ts';
import { withoutLine } from '../../fault-injection/mutate-source.ts';

/** A line of code that prevents a failure. */
interface Guard {
  readonly guard: string;
  readonly file: string;
  readonly line: string;
  /** Replaces the line. */
  readonly instead: string;
  readonly story: string;
  /** The call of the story that fails, and how. */
  readonly missed: string;
}

export const guards: readonly Guard[] = [
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
    guard: 'the search for the earlier message',
    file: 'slack/messages/find-message.ts',
    line: '    if (found) return found.ts;\n',
    instead: '',
    story: 'cancelled',
    missed: 'RelayResult → slack chat.postMessage in the thread · killed after',
  },
  {
    guard: 'the check that the record is unchanged',
    file: 'aws/approvals-table.ts',
    line: "ConditionExpression: 'revision = :shown'",
    instead: "ConditionExpression: 'attribute_exists(revision)'",
    story: 'approved',
    missed: 'Bot → slack chat.update · late',
  },
  {
    guard: 'the reconciler',
    file: 'functions/reconcile.ts',
    line: '          if (approval) await watch(approval, watching);\n',
    instead: '',
    story: 'Step Functions away, and nobody presses again',
    missed: 'Bot → states StopExecution · late',
  },
  {
    guard: 'the report of individual failed records',
    file: 'functions/sqs-batch.ts',
    line: 'batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier }))',
    instead: 'batchItemFailures: []',
    story: 'approved',
    missed: 'RequestApproval → dynamodb PutItem Approvals approval · malformed reply',
  },
];

/** Expects that the case holds with the guard, in a bundle made in the same way, and fails without it. */
export async function checkGuard(guard: Guard): Promise<void> {
  const { line } = guard;
  const kept = await withoutLine(inject('assembly'), { ...guard, instead: line });
  expect(await broken(kept, [caseOf(guard)])).toEqual([]);
  rmSync(kept, { recursive: true });
  await checkMissed(guard);
}

/** Expects that the case fails without the guard. */
export async function checkMissed(guard: Guard): Promise<void> {
  const taken = await withoutLine(inject('assembly'), guard);
  expect(await broken(taken, [caseOf(guard)])).not.toEqual([]);
  rmSync(taken, { recursive: true });
}

/** Expects that the case of every guard holds, and that its call is made. */
export async function checkCases(): Promise<void> {
  const played = await playCells(inject('assembly'), guards.map(caseOf), 'test');
  expect(played.filter(({ word }) => word === NOT_REACHED).map(({ cell }) => cell.row.name)).toEqual([]);
  expect(violations(played)).toEqual([]);
}

/** Expects that today's part of the table holds. The table has so many parts. */
export async function checkPart(rows: readonly Row[], parts: number): Promise<void> {
  const cells = partOf(allCells(rows), partOfToday(parts), parts);
  expect(cells.length).toBeGreaterThan(20);
  expect(await broken(inject('assembly'), cells)).toEqual([]);
}

/** The word of a case whose call was not made. */
const NOT_REACHED = 'not reached';

/** From 1 on: another each day. */
export const partOfToday = (parts: number) => 1 + (Math.floor(Date.now() / 86_400_000) % parts);

async function broken(assembly: string, cells: readonly Cell[]): Promise<readonly string[]> {
  return violations(await playCells(assembly, cells, 'test'));
}

function violations(played: readonly Played[]): readonly string[] {
  return played
    .filter(({ breaches }) => breaches.length > 0)
    .map(
      ({ cell: { row, way }, where, breaches }) =>
        `${row.name} · ${way} (${where}): ${breaches.map(({ words }) => words).join('; ')}`,
    );
}

/** The first call of that name in that story. */
function caseOf({ missed, story }: Guard): Cell {
  const at = missed.lastIndexOf(' · ');
  const way = ways.find((each) => each === missed.slice(at + 3));
  if (!way) throw new Error(`There is no fault like ${missed}`);
  return { row: { name: missed.slice(0, at), happens: [{ story, times: 1 }] }, way };
}
