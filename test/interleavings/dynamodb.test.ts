// Compares the in-process DynamoDB of the interleavings with dynalite: the same random calls of the tables' own code
// must return the same answers and leave the same items.
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalsTable } from '../../aws/approvals-table.ts';
import { auditTable } from '../../aws/audit-table.ts';
import { completionsTable } from '../../aws/completions-table.ts';
import { progressReports } from '../../aws/progress.ts';
import { resolvedApproversTable } from '../../aws/resolved-approvers-table.ts';
import { preferencesTable } from '../../aws/preferences-table.ts';
import type { Approval } from '../../domain/approval.ts';
import { stepEntry } from '../../domain/audit.ts';
import { approval, approvalOfTwo } from '../support/approvals.ts';
import { change, TERMS } from '../support/amendments.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { inProcessDynamoDB } from './dynamodb.ts';
import { startsTable } from '../../aws/starts-table.ts';
import { unpostedNotices } from '../../aws/unposted-notices.ts';

type Tables = Omit<TestTables, 'client' | 'close'>;
type Call = (tables: Tables, key: Approval) => Promise<unknown>;

const who = fc.constantFrom('U0ANA', 'U0BEN', 'U0CHLOE', 'U0DANA', 'U0EVE');
const at = fc.constantFrom(
  '2026-11-02T10:01:00.000Z',
  '2026-11-02T10:14:56.001Z',
  '2026-11-02T10:16:01.001Z',
);
/** Few, so that some requests arrive twice and some presses in the wrong order. */
const press = fc.record({
  trigger: fc.constantFrom('one', 'two', 'three'),
  actionTs: fc.constantFrom('1790000000.000001', '1790000000.000002'),
});
const revision = fc.nat({ max: 3 });
const people = fc.uniqueArray(who, { maxLength: 4 });
const result = fc.constantFrom(
  { outcome: 'done', text: 'Bought.' } as const,
  { outcome: 'expired' } as const,
  { outcome: 'failed', unsure: true } as const,
);
const completion = fc.record({
  executionArn: fc.constantFrom(approval().executionArn, `${approval().executionArn}-2`),
  outcome: fc.constantFrom('done', 'expired'),
  at: fc.option(at, { nil: undefined }),
});

const BUTTON = { label: 'Stop', action: 'deploy-stop', confirm: 'Stop it?' };

/** Each call of the tables that an interleaving makes, or could. */
const call: fc.Arbitrary<Call> = fc.oneof(
  fc.constant<Call>(({ approvals }, key) => approvals.create(key, 'token')),
  fc.tuple(who, at, press).map(
    ([by, time, pressed]): Call =>
      ({ approvals }, key) =>
        approvals.approve(key, by, time, pressed),
  ),
  fc.tuple(who, at, press).map(
    ([by, time, pressed]): Call =>
      ({ approvals }, key) =>
        approvals.undo(key, by, time, pressed),
  ),
  fc.tuple(who, at, press).map(
    ([by, time, pressed]): Call =>
      ({ approvals }, key) =>
        approvals.decline(key, { by, at: time }, pressed),
  ),
  fc.tuple(people, at).map(([effectiveApprovers, time]): Call => async ({ approvals }, key) => {
    const now = await approvals.get(key);
    return now && approvals.recordApprovers(now, { effectiveApprovers, delegateFor: {}, away: [] }, time);
  }),
  at.map(
    (time): Call =>
      ({ approvals }, key) =>
        approvals.amend(key, TERMS.first.digest, change(key), new Date(time)),
  ),
  at.map(
    (time): Call =>
      ({ approvals }, key) =>
        approvals.leaseVoterNotice(key, 1, new Date(time)),
  ),
  fc.constant<Call>(({ approvals }, key) => approvals.recordVotersNotified(key, 1)),
  at.map(
    (time): Call =>
      ({ progress }, key) =>
        progress.recordProgress(key, { text: 'Half done.', emoji: ':rocket:', at: time }),
  ),
  at.map(
    (time): Call =>
      ({ progress }, key) =>
        progress.recordProgress(key, { text: 'Half done.', emoji: ':rocket:', at: time, button: BUTTON }),
  ),
  at.map(
    (time): Call =>
      ({ progress }, key) =>
        progress.leaseProgress(key, new Date(time)),
  ),
  at.map(
    (time): Call =>
      ({ progress }, key) =>
        progress.recordProgressShown(key, '1.5', { at: time }),
  ),
  at.map(
    (time): Call =>
      ({ progress }, key) =>
        progress.recordProgressShown(key, '1.5', { at: time, mayHaveButton: true }),
  ),
  fc.constant<Call>(({ progress }, key) => progress.recordButtonRemoved(key)),
  revision.map(
    (shown): Call =>
      ({ approvals }, key) =>
        approvals.recordPosted(key, `1.${shown}`, shown),
  ),
  revision.map(
    (shown): Call =>
      ({ approvals }, key) =>
        approvals.recordShown(key, shown),
  ),
  at.map(
    (time): Call =>
      ({ approvals }, key) =>
        approvals.recordSent(key, time),
  ),
  at.map(
    (time): Call =>
      ({ approvals }, key) =>
        approvals.recordResubmission(key, { at: time, by: 'U0BEN' }),
  ),
  at.map(
    (time): Call =>
      ({ approvals }, key) =>
        approvals.leasePost(key, new Date(time)),
  ),
  fc.constant<Call>(({ approvals }, key) => approvals.releasePost(key)),
  fc.constant<Call>(({ approvals }, key) => approvals.getUnsentDecision(key)),
  result.map(
    (told): Call =>
      ({ approvals }, key) =>
        approvals.settle(key, told, new Date(0)),
  ),
  fc.constant<Call>(({ approvals }, key) => approvals.ofExecution(key.executionArn)),
  at.map(
    (time): Call =>
      ({ approvals }) =>
        Array.fromAsync(approvals.due(new Date(time))),
  ),
  at.map((time): Call => async ({ approvals }, key) => {
    const now = await approvals.get(key);
    return now && approvals.scheduleNextCheck(now, time);
  }),
  fc.tuple(completion, at).map(
    ([told, time]): Call =>
      ({ completions }) =>
        completions.record(told, new Date(time)),
  ),
  completion.map(
    (told): Call =>
      ({ completions }) =>
        completions.recordNotified(told, 'channel'),
  ),
  fc.tuple(completion, at).map(
    ([told, time]): Call =>
      ({ completions }) =>
        completions.endedSince(told.executionArn, time),
  ),
  fc.tuple(people, at).map(
    ([userIds, time]): Call =>
      ({ resolvedApprovers }) =>
        resolvedApprovers.put(['S0RISK'], { userIds, resolvedAt: time }),
  ),
  fc.constant<Call>(({ resolvedApprovers }) => resolvedApprovers.get(['S0RISK'])),
  fc.constant<Call>(async ({ approvals, audit }, key) => {
    const now = await approvals.get(key);
    if (now?.history.length) await audit.record(stepEntry(now, now.history.length - 1));
    return Array.fromAsync(audit.ofMonth('2026-11'));
  }),
);

let http: TestTables;
beforeAll(async () => {
  http = await startTables();
});
afterAll(() => http.close());

describe('in-process DynamoDB', () => {
  it('answers like dynalite and stores the same items', { timeout: 120_000 }, async () => {
    let count = 0;
    const made = fc.constantFrom(approval, approvalOfTwo);
    await fc.assert(
      fc.asyncProperty(
        made,
        fc.array(call, { minLength: 5, maxLength: 30, size: 'max' }),
        async (make, calls) => {
          http.close();
          http = await startTables();
          const { tables, items } = inProcess();
          const key = make({ execution: `run-${(count += 1)}`, terms: TERMS.first });
          for (const each of [call0, ...calls])
            expect(await each(tables, key)).toEqual(await each(http, key));
          for (const table of ['Approvals', 'Audit']) expect(items(table)).toEqual(await scan(table));
        },
      ),
      { numRuns: 50 },
    );
  });
});

const call0: Call = ({ approvals }, key) => approvals.create(key, 'token');

function inProcess() {
  const database = inProcessDynamoDB({
    Approvals: {
      keys: ['execution', 'id'],
      indexes: { open: ['open', 'deadline'], nextCheck: ['open', 'nextCheckAt'] },
    },
    Audit: { keys: ['month', 'id'] },
  });
  const client = Object.assign(new DynamoDBClient(), { send: database.send });
  const tables: Tables = {
    approvals: approvalsTable(client, 'Approvals'),
    progress: progressReports(client, 'Approvals'),
    audit: auditTable(client, 'Audit'),
    completions: completionsTable(client, 'Approvals'),
    resolvedApprovers: resolvedApproversTable(client, 'Approvals'),
    people: preferencesTable(client, 'Approvals'),
    starts: startsTable(client, 'Approvals'),
    unpostedNotices: unpostedNotices(client, 'Approvals'),
  };
  return { tables, items: (table: string) => sorted(database.items(table).map((item) => unmarshall(item))) };
}

async function scan(table: string) {
  const { Items = [] } = await http.client.send(new ScanCommand({ TableName: table }));
  return sorted(Items.map((item) => unmarshall(item)));
}

function sorted(items: readonly Record<string, unknown>[]) {
  return items.toSorted((one, other) => String(one['id']).localeCompare(String(other['id'])));
}
