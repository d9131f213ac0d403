// The safeguards that make the fault table pass, and the case that fails without each of them. The tests of this folder call it.
import { rmSync } from 'node:fs';
import { expect, inject } from 'vitest';
import { allCases, type Case, partOf, type Row } from '../../fault-injection/cases.ts';
import { playCases } from '../../fault-injection/play-cases.ts';
import { mutateSource } from '../../fault-injection/mutate-source.ts';

/** Each safeguard: its source line, the replacement that removes it, and the case that then fails (story, call and fault type). */
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
    line: '`${OPEN_FOR_VOTES} AND ${MAY_APPROVE} AND outstanding ',
    instead: '`attribute_exists(id) OR ${OPEN_FOR_VOTES} AND ${MAY_APPROVE} AND outstanding ',
    story: 'approved by two',
    missed: 'Bot → dynamodb UpdateItem Approvals approval: votes.#by, outstanding, history · reply lost',
  },
  {
    guard: 'the search for a message that was already posted',
    file: 'slack/messages/find-message.ts',
    line: '    if (found) return found.ts;\n',
    instead: '',
    story: 'cancelled',
    missed: 'RelayResult → slack chat.postMessage in the thread · killed after',
  },
  {
    guard: 'the check of the revision',
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
    guard: 'the failure report per record',
    file: 'functions/queue-handler.ts',
    line: 'batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier }))',
    instead: 'batchItemFailures: []',
    story: 'approved',
    missed: 'RequestApproval → dynamodb PutItem Approvals approval · malformed reply',
  },
];

/** Expects that the case holds with the guard and breaks without it. */
export async function checkGuard(
  rows: readonly Row[],
  { story, missed, ...mutation }: (typeof guards)[number],
): Promise<void> {
  const cases = [testCase(rows, missed, story)];
  const kept = await mutateSource(inject('assembly'), { ...mutation, instead: mutation.line });
  expect(await broken(kept, cases)).toEqual([]);
  const taken = await mutateSource(inject('assembly'), mutation);
  expect(await broken(taken, cases)).not.toEqual([]);
  for (const assembly of [kept, taken]) rmSync(assembly, { recursive: true });
}

/** Expects no violation in today's part of the table, which is divided into `parts`. */
export async function checkPart(rows: readonly Row[], parts: number): Promise<void> {
  const cases = partOf(allCases(rows), partOfToday(parts), parts);
  expect(cases.length).toBeGreaterThan(200 / parts);
  expect(await broken(inject('assembly'), cases)).toEqual([]);
}

/** The number of today's part, from 1 to `parts`. */
export const partOfToday = (parts: number) => 1 + (Math.floor(Date.now() / 86_400_000) % parts);

async function broken(assembly: string, cases: readonly Case[]): Promise<readonly string[]> {
  const played = await playCases(assembly, cases, 'test');
  return played
    .filter(({ violations }) => violations.length > 0)
    .map(
      ({ testCase: { row, faultType }, where, violations }) =>
        `${row.name} · ${faultType} (${where}): ${violations.map(({ description }) => description).join('; ')}`,
    );
}

/** Returns the case for the first call with this name in this story. */
function testCase(rows: readonly Row[], name: string, story: string): Case {
  const found = allCases(rows).find(({ row, faultType }) => `${row.name} · ${faultType}` === name);
  if (!found) throw new Error(`There is no case ${name}`);
  return { ...found, row: { ...found.row, happens: [{ story, times: 1 }] } };
}
