// The guards that make the fault table hold, and the cases that fail without each. Called by the tests of this folder.
import { rmSync } from 'node:fs';
import { expect, inject } from 'vitest';
import { allCases, type Case, partOf, type CaseResult, type Row } from '../../fault-injection/cases.ts';
import { faultTypes } from '../../fault-injection/fault-types.ts';
import { playCases, playStates } from '../../fault-injection/play-cases.ts';
import { type Mutation, mutateSource } from '../../fault-injection/mutate-source.ts';
import type { StateCase, StateResult } from '../../fault-injection/state-cases.ts';
import { stateRow } from '../../fault-injection/table.ts';
import { moments, worldStates } from '../../fault-injection/world-states.ts';

/** A line of code that prevents a failure. */
interface Guard extends Mutation {
  readonly guard: string;
  readonly story: string;
  /** The call of the story that fails, and how. */
  readonly missed: string;
  /** Another change of the bundle, with the guard and without it. */
  readonly also?: Mutation;
}

export const guards: readonly Guard[] = [
  {
    guard: 'the conditional vote',
    file: 'aws/votes.ts',
    line: '`${OPEN_FOR_VOTES} AND ${IS_LATEST_PRESS} AND ${MAY_APPROVE} AND ',
    instead: '`attribute_exists(id) OR ${OPEN_FOR_VOTES} AND ${IS_LATEST_PRESS} AND ${MAY_APPROVE} AND ',
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
    // On a busy machine, all other work takes longer than the bot waits for Slack. The bot then does not record what it
    // shows, so there is nothing to guard against.
    also: {
      file: 'bot/app.ts',
      line: 'const SLACK_TIMEOUT_MS = 3_000;',
      instead: 'const SLACK_TIMEOUT_MS = 60_000;',
    },
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

const { start, posted, pressed, decided } = moments;

/** A case of every state of the world. */
const stateCases: readonly StateCase[] = [
  { state: 'channel archived', moment: posted, story: 'escalated, then approved' },
  { state: 'bot removed from a public channel', moment: decided, story: 'approved by two' },
  { state: 'bot removed from a private channel', moment: posted, story: 'cancelled' },
  { state: 'SQS answers a state with 500 before delivery', moment: start, story: 'expired' },
  { state: 'SQS answers a state with 500 after delivery', moment: start, story: 'approved by two' },
  { state: 'SNS answers a state with 500 before delivery', moment: start, story: 'approved' },
  { state: 'SNS answers a state with 500 after delivery', moment: start, story: 'declined, asked again' },
  { state: 'workspace without charts', moment: start, story: 'approved by two' },
  { state: 'message deleted', moment: posted, story: 'approved by two' },
  { state: 'requester refuses direct messages', moment: start, story: 'declined, asked again' },
  { state: 'requester deactivated', moment: posted, story: 'approved' },
  { state: 'approver deactivated', moment: pressed, story: 'approved by two' },
  { state: "functions' clock an hour ahead", moment: posted, story: 'expired' },
  { state: "functions' clock an hour behind", moment: decided, story: 'approved' },
  { state: "functions' clock four minutes ahead", moment: start, story: 'approved by two' },
  { state: "functions' clock four minutes behind", moment: start, story: 'declined, asked again' },
];

interface StateGuard extends Mutation {
  readonly guard: string;
  readonly missed: StateCase;
}

export const stateGuards: readonly StateGuard[] = [
  {
    guard: 'the direct messages to approvers about a result',
    file: 'functions/relay-result.ts',
    line: '          if (!(await notifyApprovers(notice, completion, requester, notify))) throw error;\n',
    instead: '',
    missed: { state: 'channel archived', moment: posted, story: 'approved' },
  },
  {
    guard: 'the direct messages to approvers about a reminder',
    file: 'slack/messages/post-reply.ts',
    line: '  if (first === undefined) throw refusal;\n',
    instead: '  throw refusal;\n',
    missed: { state: 'channel archived', moment: posted, story: 'expired' },
  },
  {
    guard: 'the fallback for a deleted message',
    file: 'slack/messages/sync-message.ts',
    line: '    if (isDeleted(error)) return false;\n',
    instead: '',
    missed: { state: 'message deleted', moment: posted, story: 'approved' },
  },
  {
    guard: 'giving up on a person who cannot be written to',
    file: 'slack/messages/post-once.ts',
    line: "    log('person_unreachable', { person, ...failureFields(error) });\n",
    instead: '    throw error;\n',
    missed: { state: 'requester refuses direct messages', moment: start, story: 'approved' },
  },
  {
    guard: 'the conditional put',
    file: 'aws/approval-items.ts',
    line: "        ConditionExpression: 'attribute_not_exists(id)',\n",
    instead: '',
    missed: {
      state: 'SQS answers a state with 500 after delivery',
      moment: start,
      story: 'approved by two',
    },
  },
  {
    guard: 'the id that all attempts of a state have',
    file: 'aws/scheduled-attempts.ts',
    line: 'attempts.get(previousEventId) ?? (sent && newWait(event, sent, timeouts))',
    instead: 'sent && newWait(event, sent, timeouts)',
    missed: {
      state: 'SQS answers a state with 500 after delivery',
      moment: start,
      story: 'approved by two',
    },
  },
  {
    guard: 'the lapse of votes',
    file: 'aws/votes.ts',
    line: 'Object.entries(approval.votes).filter(([id]) => effectiveApprovers.includes(id))',
    instead: 'Object.entries(approval.votes)',
    missed: { state: 'approver deactivated', moment: pressed, story: 'approved by two' },
  },
  {
    guard: "the queue's clock",
    file: 'functions/relay-result.ts',
    line: 'const arrivedAt = new Date(firstSentAt);',
    instead: 'const arrivedAt = dependencies.now();',
    missed: { state: "functions' clock four minutes behind", moment: start, story: 'approved' },
  },
];

/** Expects that the case of every state holds, and that the state begins. */
export async function checkStates(): Promise<void> {
  expect(stateCases.map(({ state }) => state)).toEqual(worldStates.map(({ name }) => name));
  const played = await playStates(inject('assembly'), stateCases);
  expect(played.filter(({ outcome }) => outcome === NOT_REACHED).map(({ testCase }) => testCase)).toEqual([]);
  expect(stateViolations(played)).toEqual([]);
}

/** Expects that the case holds, and that it fails without the guard. */
export async function checkStateGuard({ missed, ...mutation }: StateGuard): Promise<void> {
  expect(stateViolations(await playStates(inject('assembly'), [missed]))).toEqual([]);
  const changed = await mutateSource(inject('assembly'), mutation);
  expect(stateViolations(await playStates(changed, [missed]))).not.toEqual([]);
  rmSync(changed, { recursive: true });
}

function stateViolations(played: readonly StateResult[]): readonly string[] {
  return played
    .filter(({ violations }) => violations.length > 0)
    .map(
      ({ testCase, violations }) =>
        `${stateRow(testCase)} · ${testCase.story}: ${violations.map(({ description }) => description).join('; ')}`,
    );
}

/** Expects that the case holds with the guard, in a bundle made in the same way, and fails without it. */
export async function checkGuard(guard: Guard): Promise<void> {
  const { line } = guard;
  const kept = await mutateSource(inject('assembly'), { ...guard, instead: line }, ...changesBeside(guard));
  expect(await broken(kept, [caseFor(guard)])).toEqual([]);
  rmSync(kept, { recursive: true });
  await checkMissed(guard);
}

/** Expects that the case fails without the guard. */
export async function checkMissed(guard: Guard): Promise<void> {
  const changed = await mutateSource(inject('assembly'), guard, ...changesBeside(guard));
  expect(await broken(changed, [caseFor(guard)])).not.toEqual([]);
  rmSync(changed, { recursive: true });
}

const changesBeside = ({ also }: Guard): readonly Mutation[] => (also ? [also] : []);

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
