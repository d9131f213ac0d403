// The guards that make the fault table hold, and the cases that fail without each. Called by the tests of this folder.
import { rmSync } from 'node:fs';
import { expect, inject } from 'vitest';
import { allCases, type Case, partOf, type CaseResult, type Row } from '../../fault-injection/cases.ts';
import { faultTypes } from '../../fault-injection/fault-types.ts';
import { playCases } from '../../fault-injection/play-cases.ts';
import { mutateSource } from '../../fault-injection/mutate-source.ts';

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
    line: '`${OPEN_FOR_VOTES} AND ${IS_LATEST_PRESS} AND ${MAY_APPROVE} AND outstanding ',
    instead:
      '`attribute_exists(id) OR ${OPEN_FOR_VOTES} AND ${IS_LATEST_PRESS} AND ${MAY_APPROVE} AND outstanding ',
    story: 'approved by two',
    missed:
      'Bot → dynamodb UpdateItem Approvals approval: votes.#by, outstanding, history, pressedAt.#by, triggers · reply lost',
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
    file: 'aws/message-state.ts',
    line: "ConditionExpression: 'revision = :shown'",
    instead: "ConditionExpression: 'attribute_exists(revision)'",
    story: 'approved',
    missed: 'Bot → slack chat.update · late',
  },
  {
    guard: 'the reconciler',
    file: 'functions/reconcile.ts',
    line: '          await check(approval, run);\n',
    instead: '',
    story: 'Step Functions away, and nobody presses again',
    missed: 'Bot → states StopExecution · late',
  },
  {
    guard: 'the report of individual failed records',
    file: 'functions/queue-handler.ts',
    line: 'batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier }))',
    instead: 'batchItemFailures: []',
    story: 'approved',
    missed: 'RequestApproval → dynamodb PutItem Approvals approval · malformed reply',
  },
];

/** Expects that the case holds with the guard, in a bundle made in the same way, and fails without it. */
export async function checkGuard(guard: Guard): Promise<void> {
  const { line } = guard;
  const kept = await mutateSource(inject('assembly'), { ...guard, instead: line });
  expect(await broken(kept, [caseFor(guard)])).toEqual([]);
  rmSync(kept, { recursive: true });
  await checkMissed(guard);
}

/** Expects that the case fails without the guard. */
export async function checkMissed(guard: Guard): Promise<void> {
  const changed = await mutateSource(inject('assembly'), guard);
  expect(await broken(changed, [caseFor(guard)])).not.toEqual([]);
  rmSync(changed, { recursive: true });
}

/** Expects that the case of every guard holds, and that its call is made. */
export async function checkCases(): Promise<void> {
  const played = await playCases(inject('assembly'), guards.map(caseFor), 'test');
  expect(
    played.filter(({ recovery }) => recovery === NOT_REACHED).map(({ testCase }) => testCase.row.name),
  ).toEqual([]);
  expect(violationsOf(played)).toEqual([]);
}

/** Expects no violation in today's part of the table, which is divided into `parts`. */
export async function checkPart(rows: readonly Row[], parts: number): Promise<void> {
  const cases = partOf(allCases(rows), partOfToday(parts), parts);
  expect(cases.length).toBeGreaterThan(20);
  expect(await broken(inject('assembly'), cases)).toEqual([]);
}

/** The recovery of a case whose call was not made. */
const NOT_REACHED = 'not reached';

/** From 1 on: another each day. */
export const partOfToday = (parts: number) => 1 + (Math.floor(Date.now() / 86_400_000) % parts);

async function broken(assembly: string, cases: readonly Case[]): Promise<readonly string[]> {
  return violationsOf(await playCases(assembly, cases, 'test'));
}

function violationsOf(played: readonly CaseResult[]): readonly string[] {
  return played
    .filter(({ violations }) => violations.length > 0)
    .map(
      ({ testCase: { row, faultType }, where, violations }) =>
        `${row.name} · ${faultType} (${where}): ${violations.map(({ description }) => description).join('; ')}`,
    );
}

/** The first call of that name in that story. */
function caseFor({ missed, story }: Guard): Case {
  const at = missed.lastIndexOf(' · ');
  const faultType = faultTypes.find((each) => each === missed.slice(at + 3));
  if (!faultType) throw new Error(`There is no fault type in ${missed}`);
  return { row: { name: missed.slice(0, at), happens: [{ story, times: 1 }] }, faultType };
}
