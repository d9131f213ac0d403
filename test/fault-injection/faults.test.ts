// The table of faults, as far as there is time here: the cells of today's part hold; and without any one of the guards
// that make them hold, some do not. The whole table: npm run faults.
import { rmSync } from 'node:fs';
import { beforeAll, expect, inject, it } from 'vitest';
import { allCases, type Case, partOf, record, type Row } from '../../fault-injection/cases.ts';
import { playCases } from '../../fault-injection/play-cases.ts';
import { mutateSource } from '../../fault-injection/mutate-source.ts';

/** So many parts the table has; each day another is played, so that a month plays it all. */
const PARTS = 29;
const today = 1 + (Math.floor(Date.now() / 86_400_000) % PARTS);

let rows: readonly Row[];

beforeAll(async () => {
  rows = await record(inject('assembly'));
}, 120_000);

it(`breaks nothing in part ${today} of ${PARTS}`, { timeout: 300_000 }, async () => {
  const cases = partOf(allCases(rows), today, PARTS);
  expect(cases.length).toBeGreaterThan(20);
  expect(await broken(inject('assembly'), cases)).toEqual([]);
});

/** A guard, the line that is it, what stands in its place, and where it is missed: in which story, by which call, broken how. */
const guards = [
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
    guard: 'the look for what was posted',
    file: 'slack/messages/find-message.ts',
    line: '    if (found) return found.ts;\n',
    instead: '',
    story: 'cancelled',
    missed: 'RelayResult → slack chat.postMessage in the thread · killed after',
  },
  {
    guard: 'the look whether the record moved',
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
    guard: 'that each record of a batch fails alone',
    file: 'functions/queue-handler.ts',
    line: 'batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier }))',
    instead: 'batchItemFailures: []',
    story: 'approved',
    missed: 'RequestApproval → dynamodb PutItem Approvals approval · malformed reply',
  },
];

it.each(guards)('misses $guard', { timeout: 120_000 }, async ({ story, missed, ...mutation }) => {
  const cases = [testCase(missed, story)];
  const kept = await mutateSource(inject('assembly'), { ...mutation, instead: mutation.line });
  expect(await broken(kept, cases)).toEqual([]);
  const taken = await mutateSource(inject('assembly'), mutation);
  expect(await broken(taken, cases)).not.toEqual([]);
  for (const assembly of [kept, taken]) rmSync(assembly, { recursive: true });
});

async function broken(assembly: string, cases: readonly Case[]): Promise<readonly string[]> {
  const played = await playCases(assembly, cases, 'test');
  return played
    .filter(({ violations }) => violations.length > 0)
    .map(
      ({ testCase: { row, faultType }, where, violations }) =>
        `${row.name} · ${faultType} (${where}): ${violations.map(({ words }) => words).join('; ')}`,
    );
}

/** The first call of that name in that story. */
function testCase(name: string, story: string): Case {
  const found = allCases(rows).find(({ row, faultType }) => `${row.name} · ${faultType}` === name);
  if (!found) throw new Error(`There is no case ${name}`);
  return { ...found, row: { ...found.row, happens: [{ story, times: 1 }] } };
}
