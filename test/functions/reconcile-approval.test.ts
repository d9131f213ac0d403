// Tests each repair of an approval that a failed call left unfinished: when it is made, what it does, and what it logs.
import { partialSlack } from '../support/partial-slack.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Described } from '../../aws/executions.ts';
import type { Approval } from '../../domain/approval.ts';
import { messageLags, reconcileApproval } from '../../functions/reconcile-approval.ts';
import { newPress } from '../support/action-request.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { memoryCopies } from '../support/memory-copies.ts';
import { peopleRules } from '../support/people-rules.ts';

const AT = '2026-11-02T10:05:00.000Z';
const DEADLINE = '2026-11-02T10:15:01.000Z';
let tables: TestTables;
let copies: ReturnType<typeof memoryCopies>;
let calls: unknown[];
let repairs: object[];
let abandoned: object[];
let described: Described;
let count = 0;

beforeAll(async () => {
  tables = await startTables();
});

beforeEach(() => {
  [calls, repairs, abandoned, copies] = [[], [], [], memoryCopies()];
  described = { status: 'RUNNING', input: {} };
});

afterAll(() => tables.close());

const slack = partialSlack({ chat: { update: async () => void calls.push('chat.update') } });
const later = (time: string, ms: number) => new Date(Date.parse(time) + ms).toISOString();
const get = async (made: Approval) => (await tables.approvals.get(made)) ?? made;

async function posted(): Promise<Approval> {
  const execution = `run-${(count += 1)}`;
  const executionArn = `arn:aws:states:us-east-1:000000000000:execution:trading:${execution}`;
  const made = approval({ execution, executionArn, id: `approval-${count}` });
  await tables.approvals.create(made, `token-${execution}`);
  await tables.approvals.recordPosted(made, '1.1', 1);
  return get(made);
}

async function approved(): Promise<Approval> {
  const made = await posted();
  await tables.approvals.approve(made, 'U0BEN', AT, newPress());
  return get(made);
}

async function cancelled(): Promise<Approval> {
  const made = await posted();
  await tables.approvals.cancel(made, { by: 'U0ANA', at: AT }, newPress());
  return get(made);
}

function reconcileAt(time: string, made: Approval): Promise<'done' | 'continue'> {
  return reconcileApproval(made, {
    approvals: tables.approvals,
    audit: tables.audit,
    copies,
    identityOf: async () => undefined,
    resolvedApprovers: tables.resolvedApprovers,
    peopleRules,
    slack: async () => slack,
    executions: {
      resume: async (token, answer) => {
        calls.push([token, answer]);
        return 'resumed';
      },
    },
    describe: async (executionArn) => {
      expect(executionArn).toBe(made.executionArn);
      return described;
    },
    stop: async (executionArn, cause) => void calls.push(['stop', executionArn, cause]),
    publish: async (message) => void calls.push(message),
    acquire: async ({ name }) => void calls.push(name),
    now: () => new Date(time),
    log: (event, fields) => {
      if (event === 'repaired') repairs.push({ ...fields });
      if (event === 'repair_abandoned') abandoned.push({ ...fields });
    },
  });
}

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const isOpen = async (made: Approval) =>
  (await Array.fromAsync(tables.approvals.due(new Date('2027-01-01T00:00:00.000Z')))).some(
    ({ id }) => id === made.id,
  );
const given = (what: string, { execution, id }: Approval) => ({
  what,
  execution,
  approval: id,
  remedy: expect.stringContaining('redrive the dead letters'),
});
const repaired = (what: string, { execution, id }: Approval, fields: object = {}) => [
  { what, execution, approval: id, ...fields },
];

describe('reconcileApproval', () => {
  it('does nothing for a pending request before its deadline', async () => {
    const made = await posted();
    expect(await reconcileAt(DEADLINE, made)).toBe('continue');
    expect(await reconcileAt(later(DEADLINE, 1), made)).toBe('done');
    expect(await reconcileAt(later(DEADLINE, 60_000), made)).toBe('done');
    expect([...calls, ...repairs]).toEqual([]);
  });

  it('sends a decision again a minute later if it may not have been sent', async () => {
    const made = await approved();
    expect(await reconcileAt(later(AT, 60_000), made)).toBe('done');
    expect(calls).toEqual([]);
    expect(await reconcileAt(later(AT, 60_001), made)).toBe('done');
    expect(calls).toEqual([
      [`token-${made.execution}`, expect.objectContaining({ outcome: 'approved', id: made.id })],
    ]);
    expect(repairs).toEqual(repaired('decision', made, { sent: 'resumed' }));
    expect((await get(made)).sentAt).toBe(later(AT, 60_001));
  });

  it('sends no decision that was sent after the approval was read', async () => {
    const made = await approved();
    await tables.approvals.recordSent(made, AT);
    await reconcileAt(later(AT, 60_001), made);
    await reconcileAt(later(AT, 60_001), await get(made));
    expect([...calls, ...repairs]).toEqual([]);
  });

  it('stops the execution of a cancelled approval again a minute later', async () => {
    const made = await cancelled();
    expect(made.status).toBe('cancelled');
    await reconcileAt(later(AT, 60_000), made);
    expect(calls).toEqual([]);
    expect(await reconcileAt(later(AT, 60_001), made)).toBe('done');
    expect(calls).toEqual([['stop', made.executionArn, 'Cancelled in Slack by U0ANA']]);
    expect(repairs).toEqual(repaired('stop', made));
  });

  it('publishes the completion of a cancelled approval whose execution has ended', async () => {
    const made = await cancelled();
    described = { status: 'ABORTED', input: {} };
    await reconcileAt(later(AT, 60_001), made);
    expect(calls).toMatchObject([
      { ExecutionId: made.executionArn, Input: { result: { outcome: 'cancelled' } } },
    ]);
    expect(repairs).toEqual(repaired('completion', made, { status: 'ABORTED' }));
  });

  it('publishes the completion of an execution that ended without an event', async () => {
    const made = await posted();
    described = { status: 'FAILED', input: {} };
    expect(await reconcileAt(later(DEADLINE, 60_001), made)).toBe('done');
    expect(calls).toMatchObject([
      { ExecutionId: made.executionArn, Input: { result: { outcome: 'failed' } } },
    ]);
    expect(repairs).toEqual(repaired('completion', made, { status: 'FAILED' }));
  });

  it('expires a request whose execution no longer waits', async () => {
    const made = await posted();
    await reconcileAt(later(DEADLINE, 60_001), made);
    expect(await get(made)).toMatchObject({
      status: 'expired',
      result: { outcome: 'expired', at: DEADLINE },
      shownRevision: 2,
    });
    expect(calls).toEqual(['chat.update']);
    expect(repairs).toEqual(repaired('completion', made, { status: 'RUNNING' }));
    expect(
      (await Array.fromAsync(tables.approvals.due(new Date('2027-01-01T00:00:00.000Z')))).map(({ id }) => id),
    ).not.toContain(made.id);
  });

  it.each(['RUNNING', 'FAILED'])(
    'cancels a request from before a redrive of an execution that is %s',
    async (status) => {
      const made = await posted();
      described = { status, input: {}, redrivenAt: '2026-11-02T10:12:00.000Z' };
      await reconcileAt(later(DEADLINE, 60_001), made);
      expect((await get(made)).result).toEqual({
        outcome: 'cancelled',
        text: 'The execution was redriven.',
        at: '2026-11-02T10:11:59.999Z',
      });
      expect(calls).toEqual(['chat.update']);
    },
  );

  it('leaves a request without a message whose execution was already stopped to its completion', async () => {
    const made = approval({ execution: `run-${(count += 1)}` });
    await tables.approvals.create(made, 'token');
    await tables.approvals.cancelUnasked(made);
    expect(await reconcileAt(later(DEADLINE, 60_001), await get(made))).toBe('done');
    expect([...calls, ...repairs]).toEqual([]);
    expect((await get(made)).result).toBeUndefined();
  });

  it('expires a request that was made by the redrive itself', async () => {
    const made = await posted();
    described = { ...described, redrivenAt: made.askedAt };
    await reconcileAt(later(DEADLINE, 60_001), made);
    expect((await get(made)).result?.outcome).toBe('expired');
  });

  it.each([
    ['2026-11-02T10:20:01.000Z', '2026-11-02T10:25:01.000Z'],
    ['2026-11-02T12:00:00.000Z', '2026-11-02T12:15:00.000Z'],
  ])(
    'checks an execution that continues after its decision less often, at %s and then at %s',
    async (at, next) => {
      const made = await approved();
      await tables.approvals.recordSent(made, AT);
      await tables.approvals.recordShown(made, 2);
      const read = await get(made);
      described = { ...described, redrivenAt: '2026-11-02T10:12:00.000Z' };
      await reconcileAt(at, read);
      const isDueAt = async (time: string) =>
        (await Array.fromAsync(tables.approvals.due(new Date(time)))).some(({ id }) => id === made.id);
      expect([await isDueAt(later(next, -1)), await isDueAt(next)]).toEqual([false, true]);
      expect([...calls, ...repairs]).toEqual([]);
    },
  );

  it.each([
    ['expired', { Input: { approval: { outcome: 'expired' } } }],
    ['declined', { Input: { approval: { outcome: 'declined' } } }],
    ['failed', { Input: { result: { outcome: 'failed', at: AT } } }],
  ] as const)('publishes the result %s again an hour after it was stored', async (outcome, message) => {
    const made = await posted();
    await tables.approvals.settle(made, { outcome, at: AT }, new Date(AT));
    const settled = await get(made);
    expect(await reconcileAt(later(AT, 60 * 60_000), settled)).toBe('done');
    expect([...calls, ...repairs]).toEqual([]);
    const time = later(AT, 60 * 60_000 + 1);
    expect(await reconcileAt(time, settled)).toBe('done');
    expect(calls).toEqual([{ ...message, ExecutionId: made.executionArn, EndedAt: AT }]);
    expect(repairs).toEqual(repaired('notification', made, { outcome }));
    expect((await get(made)).settledAt).toBe(time);
  });

  it('gives up a notification a day after the execution ended, once', async () => {
    const made = await posted();
    await tables.approvals.settle(made, { outcome: 'failed', at: AT }, new Date(later(AT, DAY - HOUR - 1)));
    await reconcileAt(later(AT, DAY), await get(made));
    expect(calls).toMatchObject([{ ExecutionId: made.executionArn }]);
    expect(abandoned).toEqual([]);
    calls = [];
    expect(await reconcileAt(later(AT, DAY + HOUR + 1), await get(made))).toBe('done');
    expect(calls).toEqual([]);
    expect(abandoned).toEqual([given('notification', made)]);
    expect(await isOpen(made)).toBe(false);
  });

  it('gives up the completion of an execution a day after its end, and shows that its end is unclear', async () => {
    const made = await posted();
    described = { status: 'SUCCEEDED', input: {}, output: '{}', endedAt: DEADLINE };
    await reconcileAt(later(DEADLINE, DAY), made);
    expect(calls).toEqual([{ Input: {}, ExecutionId: made.executionArn }]);
    expect(abandoned).toEqual([]);
    calls = [];
    await reconcileAt(later(DEADLINE, DAY + 1), await get(made));
    expect(abandoned).toEqual([given('completion', made)]);
    const result = { outcome: 'failed', unsure: true, text: expect.stringContaining('could not be read') };
    expect(calls).toEqual([{ Input: { result }, ExecutionId: made.executionArn, EndedAt: DEADLINE }]);
    expect((await get(made)).result).toMatchObject(result);
    // relay-result closes it. If it does not, the notification is given up an hour later.
    calls = [];
    await reconcileAt(later(DEADLINE, DAY + HOUR + 2), await get(made));
    expect(abandoned).toEqual([given('completion', made), given('notification', made)]);
    expect(calls).toEqual([]);
    expect(await isOpen(made)).toBe(false);
  });

  it('ends the wait of a state that waits longer than its request, once its deadline has passed', async () => {
    const made = { ...(await posted()), endsEarly: true };
    described = { status: 'RUNNING', input: {} };
    await reconcileAt(later(DEADLINE, 60_000), made);
    expect(calls).toEqual([]);
    await reconcileAt(later(DEADLINE, 60_001), made);
    expect(calls).toEqual([[`token-${made.execution}`, { outcome: 'expired', id: made.id }]]);
    // The execution publishes the result.
    expect((await get(made)).result).toBeUndefined();
    expect(repairs).toEqual([]);
  });

  it('does not end the wait of a state after a decision', async () => {
    const made = { ...(await approved()), endsEarly: true, sentAt: AT };
    described = { status: 'RUNNING', input: {} };
    await reconcileAt(later(DEADLINE, 60_001), made);
    expect(calls).toEqual([]);
  });

  it('leaves 15 minutes to a workflow that publishes the end of a failed execution itself', async () => {
    const made = { ...(await posted()), ownFailures: true };
    described = { status: 'ABORTED', input: {}, endedAt: DEADLINE };
    await reconcileAt(later(DEADLINE, 15 * 60_000), made);
    expect([...calls, ...repairs]).toEqual([]);
    await reconcileAt(later(DEADLINE, 15 * 60_000 + 1), made);
    expect(calls).toMatchObject([{ ExecutionId: made.executionArn, EndedAt: DEADLINE }]);
  });

  it('publishes a completion that is not stored less and less often', async () => {
    const made = await posted();
    described = { status: 'FAILED', input: {}, endedAt: DEADLINE };
    const isDueAt = async (time: string) =>
      (await Array.fromAsync(tables.approvals.due(new Date(time)))).some(({ id }) => id === made.id);
    await reconcileAt(later(DEADLINE, 5 * 60_000), made);
    expect(await isDueAt(later(DEADLINE, 10 * 60_000 - 1))).toBe(false);
    expect(await isDueAt(later(DEADLINE, 10 * 60_000))).toBe(true);
    await reconcileAt(later(DEADLINE, HOUR), await get(made));
    expect(await isDueAt(later(DEADLINE, HOUR + 15 * 60_000 - 1))).toBe(false);
    expect(await isDueAt(later(DEADLINE, HOUR + 15 * 60_000))).toBe(true);
  });

  it('publishes the completion of an ended execution whose decision cannot be sent', async () => {
    const made = await approved();
    described = { status: 'FAILED', input: {}, endedAt: DEADLINE };
    await reconcileAt(later(DEADLINE, 60_001), made);
    expect(calls).toMatchObject([{ ExecutionId: made.executionArn }]);
  });

  it('sends a decision after the deadline while the execution runs, less and less often', async () => {
    const made = await approved();
    await reconcileAt(later(DEADLINE, 5 * 60_000), made);
    expect(calls).toEqual([[`token-${made.execution}`, expect.objectContaining({ outcome: 'approved' })]]);
    const isDueAt = async (time: string) =>
      (await Array.fromAsync(tables.approvals.due(new Date(time)))).some(({ id }) => id === made.id);
    expect([
      await isDueAt(later(DEADLINE, 10 * 60_000 - 1)),
      await isDueAt(later(DEADLINE, 10 * 60_000)),
    ]).toEqual([false, true]);
  });

  it('gives up the message of a resubmitted request a day after the resubmission', async () => {
    const made = await posted();
    await tables.approvals.settle(made, { outcome: 'expired', at: AT }, new Date(AT));
    await tables.approvals.recordShown(made, 2);
    await tables.approvals.close(made);
    await tables.approvals.recordResubmission(made, { by: 'U0ANA', at: later(AT, HOUR) });
    await reconcileAt(later(AT, HOUR + DAY), await get(made));
    expect(calls).toContain('chat.update');
    calls = [];
    // The update closed the approval. A change that could not be shown opens it again.
    await tables.approvals.recordShown(made, 1);
    expect(await reconcileAt(later(AT, HOUR + DAY + 1), await get(made))).toBe('done');
    expect(calls).toEqual([]);
    expect(abandoned).toEqual([given('message', made)]);
    expect(await isOpen(made)).toBe(false);
  });

  it('counts the day from the result that was stored last, whatever was before', async () => {
    const made = await posted();
    await tables.approvals.settle(made, { outcome: 'expired', at: AT }, new Date(AT));
    await tables.approvals.recordShown(made, 2);
    await tables.approvals.close(made);
    await tables.approvals.recordResubmission(made, { at: later(DEADLINE, HOUR) });
    await tables.approvals.restartNotification(made, new Date(later(DEADLINE, 2 * HOUR)));
    await reconcileAt(later(DEADLINE, 2 * HOUR + DAY), await get(made));
    expect(calls).toContain('chat.update');
    expect(abandoned).toEqual([]);
  });

  it('gives up the message of a closed approval a day after its result, if nobody resubmitted it', async () => {
    const made = await posted();
    await tables.approvals.settle(
      made,
      { outcome: 'expired', at: DEADLINE },
      new Date(later(DEADLINE, HOUR)),
    );
    await tables.approvals.close(made);
    await tables.approvals.recordShown(made, 1);
    await reconcileAt(later(DEADLINE, HOUR + DAY + 1), await get(made));
    expect(abandoned).toEqual([given('message', made)]);
  });

  it('counts the day of a notification from the end of the execution, not from the deadline', async () => {
    const made = await posted();
    const endedAt = later(DEADLINE, 5 * HOUR);
    await tables.approvals.settle(made, { outcome: 'failed', at: endedAt }, new Date(endedAt));
    expect(await reconcileAt(later(DEADLINE, DAY + HOUR), await get(made))).toBe('done');
    expect(calls).toMatchObject([{ ExecutionId: made.executionArn }]);
    expect(abandoned).toEqual([]);
  });

  it.each([
    ['lags', { ts: '1.1', shownRevision: 1, revision: 2 }, DAY, true],
    ['lags, a day after its deadline', { ts: '1.1', shownRevision: 1, revision: 2 }, DAY + 1, false],
    ['was not posted', { revision: 2 }, 0, false],
    ['is shown', { ts: '1.1', shownRevision: 2, revision: 2 }, 0, false],
  ])('knows whether a message must be updated that %s', (_, differences, ms, lags) => {
    expect(messageLags(approval(differences), new Date(later(approval().deadline, ms)))).toBe(lags);
  });

  it('adds and copies the resubmission of a closed approval, and updates its message', async () => {
    const made = await posted();
    await tables.approvals.settle(made, { outcome: 'expired', at: AT }, new Date(AT));
    await tables.approvals.recordShown(made, 2);
    await tables.approvals.close(made);
    await tables.approvals.recordResubmission(made, { by: 'U0ANA', at: AT });
    expect(await reconcileAt(later(AT, 1), await get(made))).toBe('done');
    expect([...copies.entries.values()]).toMatchObject([{ action: 'resubmitted', approval: made.id }]);
    expect(calls).toEqual(['message-updates', 'chat.update']);
    expect(repairs).toEqual(repaired('message', made));
    expect(await get(made)).toMatchObject({ shownRevision: 3 });
  });
});
