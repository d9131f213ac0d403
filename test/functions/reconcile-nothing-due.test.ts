// Tests that the next check covers every duty: the reconciler reads only due records, so an uncovered duty would never
// be done. Every dependency throws, so any work is noticed.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import { nextCheckAt } from '../../domain/next-check.ts';
import { runEscalationStep } from '../../functions/run-escalation-step.ts';
import { refreshApprovers } from '../../functions/refresh-approvers.ts';
import { reconcileApproval } from '../../functions/reconcile-approval.ts';
import { approval } from '../support/approvals.ts';

const START = Date.parse('2026-11-02T10:00:00.000Z');
const HOUR = 60 * 60_000;

const time = fc.integer({ min: 0, max: 2 * HOUR }).map((later) => new Date(START + later).toISOString());
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const person = { by: fc.constant('U0BEN'), at: time };
const climbed = fc.record({ at: time, ts: maybe(fc.constant('1.2')) });

/** When a rung is to be climbed, and whether it was: not before its time. */
const step = fc.oneof(
  maybe(time).map((at) => ({ at, climbed: undefined })),
  climbed.map((done) => ({ at: new Date(START).toISOString(), climbed: done })),
);
const escalationSchedule = fc
  .record({ reminder: step, escalation: step })
  .map(({ reminder, escalation }) => ({
    escalationSchedule: { reminder: reminder.at, escalation: escalation.at, escalateTo: ['U0DANA'] },
    escalationSteps: { reminder: reminder.climbed, escalation: escalation.climbed },
  }));

const record = fc
  .record({
    status: fc.constantFrom('pending', 'approved', 'declined', 'expired', 'cancelled'),
    decision: maybe(fc.record({ outcome: fc.constantFrom('approved', 'declined'), ...person })),
    cancellation: maybe(fc.record(person)),
    sentAt: maybe(time),
    result: maybe(fc.record({ outcome: fc.constantFrom('declined', 'expired') })),
    settledAt: maybe(time),
    reopened: maybe(fc.constant(true)),
    ts: maybe(fc.constant('1.1')),
    revision: fc.constantFrom(1, 2),
    shownRevision: maybe(fc.constantFrom(1, 2)),
    approversResolvedAt: time,
    deadline: time,
    climbing: escalationSchedule,
  })
  .map(({ climbing, ...differences }) => approval({ ...differences, ...climbing } as Partial<Approval>));

/** Whatever is asked of it is something done. */
const nothing = new Proxy(
  {},
  {
    get: (_, asked) => () => {
      throw new Error(`${String(asked)} was called`);
    },
  },
);

/** With nothing but what throws: a dependency that is missing here would throw as well. */
async function look(at: Approval, now: Date): Promise<void> {
  const asked = (name: string) => () => {
    throw new Error(`${name} was called`);
  };
  const dependencies = {
    approvals: nothing,
    executions: nothing,
    resolvedApprovers: nothing,
    slack: asked('slack'),
    describe: asked('describe'),
    stop: asked('stop'),
    publish: asked('publish'),
    acquire: asked('acquire'),
    resolve: asked('lookUp'),
    outOfOffice: asked('absences'),
    log: asked('log'),
    now: () => now,
  } as unknown as Parameters<typeof reconcileApproval>[1] & Parameters<typeof runEscalationStep>[1];
  if ((await reconcileApproval(at, dependencies)) === 'done') return;
  const { approval: refreshed } = await refreshApprovers(at, dependencies);
  await runEscalationStep(refreshed, dependencies);
}

describe('a record', () => {
  it('needs no repair, refresh or escalation before its next check', async () => {
    const seen = await fc.check(
      fc.asyncProperty(record, fc.nat(3 * HOUR), async (one, before) => {
        const due = Date.parse(nextCheckAt(one));
        fc.pre(due > START);
        await look(one, new Date(due - 1 - before));
      }),
      { numRuns: 5_000 },
    );
    expect(seen.failed ? fc.defaultReportMessage(seen) : undefined).toBeUndefined();
  });

  it('needs work once its next check is due, for each duty', async () => {
    const done = { ts: '1.1', shownRevision: 1, escalationSteps: { reminder: { at: 'then', ts: '1.2' } } };
    const duties: readonly Partial<Approval>[] = [
      {},
      { approversResolvedAt: '2026-11-02T10:05:00.000Z', escalationSteps: {} },
      { status: 'approved', decision: { outcome: 'approved', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' } },
      { status: 'cancelled', cancellation: { by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' } },
      { status: 'expired' },
      { status: 'expired', result: { outcome: 'expired' } },
    ];
    for (const duty of duties) {
      const one = approval({ ...done, ...duty });
      await expect(look(one, new Date(Date.parse(nextCheckAt(one)) + 1))).rejects.toThrow('was called');
    }
  });
});
