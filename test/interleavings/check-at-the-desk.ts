// Plays interleavings through the front door: bundles, HTTP and the local cloud. The order of calls cannot be
// controlled there, so a failing run may pass when it is repeated, with
//   DESK_SEED=… npx vitest run test/interleavings/desk.slow.test.ts
// DESK_INTERLEAVINGS=200 plays more of them. Called by the tests of this folder.
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { type Approvals, approvalsTable } from '../../aws/approvals-table.ts';
import { type AuditTable, auditTable } from '../../aws/audit-table.ts';
import { approvalMessage } from '../../slack/views/approval-message.ts';
import type { Approval, Step } from '../../domain/approval.ts';
import { filledOrders } from '../../fault-injection/paper-orders.ts';
import { openTradingDesk, operator, type TradingDesk } from '../support/trading-desk.ts';
import { ask, type Asked, gesture } from './at-the-desk.ts';
import { type Gesture, gestures, setting } from './gestures.ts';
import { ANA, BEN, CHLOE, DANA, EVE, type Setting } from './trade.ts';

const { DESK_INTERLEAVINGS: given, DESK_SEED: seed } = process.env;
let harness: TradingDesk;
let dynamodb: DynamoDBClient;
let approvals: Approvals;
let audit: AuditTable;

/** Plays so many at a desk of its own, unless the environment says how many. */
export async function checkAtTheDesk(usual: number): Promise<void> {
  harness = await openTradingDesk();
  const { outputs, url } = harness.cloud;
  dynamodb = new DynamoDBClient({ ...operator, endpoint: url });
  approvals = approvalsTable(dynamodb, outputs['ApprovalsTable'] ?? '');
  audit = auditTable(dynamodb, outputs['AuditTable'] ?? '');
  try {
    const numRuns = Number(given ?? usual);
    // What would be shrunk here is another race.
    const once = { numRuns, endOnFailure: true, ...(seed && { seed: Number(seed) }) };
    await fc.assert(fc.asyncProperty(setting, gestures, holds), once);
  } finally {
    dynamodb.destroy();
    await harness.stop();
  }
}

/** Milliseconds for so many. */
export const timeoutFor = (usual: number) => 60_000 + Number(given ?? usual) * 10_000;

async function holds(set: Setting, gestured: readonly Gesture[]): Promise<void> {
  harness.slack.setGroup('S0RISK', [BEN, CHLOE, DANA]);
  const asked = await ask(harness, set);
  const fills = await fillsSoFar();
  const heard = wordsSoFar();
  await gesture(harness, asked, gestured);
  // The next refresh, and messages that the queues deliver again, repair whatever failed.
  await harness.cloud.advance(600_000);
  await expectShown(asked);
  await harness.cloud.advance(900_000);
  const approval = await expectShown(asked);
  await expectOneEnd(asked, approval, (await fillsSoFar()) - fills);
  expectAnswers(asked, approval, heard);
  // Two at once may be counted in the other order than they pressed; the audit is in that of their presses.
  const pressed = approval.history.toSorted((one, other) => one.at.localeCompare(other.at));
  expect(await audited(approval)).toEqual(pressed);
}

/** The message says what the approval is. */
async function expectShown({ message, key }: Asked): Promise<Approval> {
  const approval = await approvals.get(key);
  if (!approval) throw new Error('The approval is gone.');
  expect(harness.now(message).text).toBe(approvalMessage(approval).text);
  return approval;
}

/** The token resumed the execution at most once, with what was decided; and that was done, at most once. */
async function expectOneEnd(
  { executionArn, message }: Asked,
  { result, decision, status }: Approval,
  fills: number,
): Promise<void> {
  const { events = [] } = await harness.sfn.send(
    new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }),
  );
  const outputs = events
    .map(({ taskSucceededEventDetails: details }) => details)
    .filter((details) => details?.resourceType === 'sqs')
    .map((details) => JSON.parse(details?.output ?? '{}'));
  const expired = decision && status !== decision.outcome ? [] : [decision];
  expect(outputs).toMatchObject(decision ? expired : []);
  expect(fills).toBe(result?.outcome === 'done' ? 1 : 0);
  expect(['done', 'declined', 'expired', 'cancelled']).toContain(result?.outcome);
  expect(harness.replies(message).length).toBeGreaterThan(0);
}

/** Slack was answered each time; and each time something changed, opened, or was said. */
function expectAnswers({ sent }: Asked, { history }: Approval, heard: number): void {
  expect(sent.filter(({ status }) => status !== 200)).toEqual([]);
  const modals = sent.filter(({ modal }) => modal).length;
  expect(wordsSoFar() - heard + history.length + modals).toBeGreaterThanOrEqual(sent.length);
}

/** Private words, to whomever. */
function wordsSoFar(): number {
  return [ANA, BEN, CHLOE, DANA, EVE].flatMap((who) => harness.privately(who)).length;
}

const isStepAction = (action: string): action is Step['action'] =>
  ['approved', 'undid_approval', 'declined', 'cancelled', 'approval_lapsed', 'amended'].includes(action);

/** What the audit has of it, as steps. */
async function audited({ id }: Approval): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for await (const entry of audit.ofMonth(month())) {
    if (!('approval' in entry) || entry.approval !== id) continue;
    const { action, by = '', at, reason } = entry;
    if (isStepAction(action)) steps.push({ action, by, at, ...(reason && { reason }) });
  }
  return steps;
}

function month(): string {
  return new Date(harness.clock.now()).toISOString().slice(0, 7);
}

async function fillsSoFar(): Promise<number> {
  const { Items = [] } = await dynamodb.send(
    new ScanCommand({ TableName: harness.cloud.outputs['LedgerTable'] }),
  );
  return filledOrders(Items.map((item) => unmarshall(item))).length;
}
