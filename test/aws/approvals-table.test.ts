// Tests the approvals table and the completions table against a real DynamoDB engine: their rules are conditional
// writes.
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Approvals } from '../../aws/approvals-table.ts';
import type { Completions } from '../../aws/completions-table.ts';
import type { Approval } from '../../domain/approval.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { newPress } from '../support/action-request.ts';

let tables: TestTables;
let approvals: Approvals;
let completions: Completions;
const executionArn = 'arn:aws:states:us-east-1:000000000000:execution:trading:twice';
let count = 0;

beforeAll(async () => {
  tables = await startTables();
  ({ approvals, completions } = tables);
});

afterAll(() => tables.close());

const AT = '2026-11-02T10:05:00.000Z';

/** A stored approval of an execution of its own. */
async function stored(differences: Partial<Approval> = {}): Promise<Approval> {
  const made = approval({ execution: `run-${(count += 1)}`, ...differences });
  await approvals.create(made, `token-${made.execution}`);
  return made;
}

describe('approvals table', () => {
  it('reads and writes nothing under a key that is not the key of an approval', async () => {
    const preferences = { directMessages: false };
    await tables.people.setPreferences('U0BEN', preferences);
    for (const key of [
      { execution: ':people', id: 'U0BEN' },
      { execution: ':people', id: 'approval-U0BEN' },
      { execution: 'AMZN-1', id: 'completion-done-1' },
    ]) {
      expect(await approvals.get(key)).toBeUndefined();
      expect(await approvals.approve(key, 'U0BEN', AT, newPress())).toMatchObject({ refusal: 'unknown' });
      expect(await approvals.leasePost(key, new Date(AT))).toBe('done');
      await approvals.recordPosted(key, '1.1', 1);
      await approvals.recordSent(key, AT);
    }
    const { client } = tables;
    const read = new GetItemCommand({
      TableName: 'Approvals',
      Key: marshall({ execution: ':people', id: 'U0BEN' }),
    });
    const { Item = {} } = await client.send(read);
    expect(unmarshall(Item)).toEqual({ execution: ':people', id: 'U0BEN', ...preferences });
  });

  it('stores an approval once and never returns its task token', async () => {
    const made = await stored();
    expect(await approvals.create({ ...made, channel: 'C0OTHER' }, 'another')).toBe(false);
    expect(await approvals.get(made)).toEqual(made);
  });

  it('returns an unsent decision until it is recorded as sent', async () => {
    const made = await stored();
    expect(await approvals.getUnsentDecision(made)).toBeUndefined();
    await approvals.approve(made, 'U0BEN', AT, newPress());
    expect((await approvals.getUnsentDecision(made))?.taskToken).toBe(`token-${made.execution}`);
    await approvals.recordSent(made, '2026-11-02T10:05:01.000Z');
    expect(await approvals.getUnsentDecision(made)).toBeUndefined();
  });

  it('keeps the first message timestamp and returns the newest revision', async () => {
    const made = await stored();
    await approvals.recordPosted(made, '1.1', 1);
    await approvals.recordPosted(made, '2.2', 1);
    expect(await approvals.get(made)).toMatchObject({ ts: '1.1', shownRevision: 1 });
    await approvals.approve(made, 'U0BEN', AT, newPress());
    expect(await approvals.recordShown(made, 1)).toBe(2);
    expect(await approvals.recordShown(made, 2)).toBe(2);
  });

  it('stores a result once, keeps the overtaken decision, and accepts a later, different result', async () => {
    const made = await stored();
    await approvals.approve(made, 'U0BEN', AT, newPress());
    const decided = (await approvals.get(made)) ?? made;
    await approvals.settle(decided, { outcome: 'expired' }, new Date());
    await approvals.settle(decided, { outcome: 'expired' }, new Date());
    expect(await approvals.get(made)).toMatchObject({
      status: 'expired',
      decision: { outcome: 'approved', by: 'U0BEN', at: AT },
      revision: 3,
    });
    await approvals.settle(decided, { outcome: 'failed', text: 'why' }, new Date());
    expect(await approvals.get(made)).toMatchObject({
      result: { outcome: 'failed', text: 'why' },
      revision: 4,
    });
  });

  async function isDue({ execution }: Approval, at: string): Promise<boolean> {
    const keys = await Array.fromAsync(approvals.due(new Date(at)));
    return keys.some((key) => key.execution === execution);
  }

  it('lists an approval as due until it is settled and closed', async () => {
    const one = await stored();
    expect(await isDue(one, AT)).toBe(true);
    await approvals.approve(one, 'U0BEN', AT, newPress());
    await approvals.close(one);
    expect(await isDue(one, AT)).toBe(true);
    await approvals.settle(one, { outcome: 'done' }, new Date());
    await approvals.close(one);
    expect(await isDue(one, AT)).toBe(false);
  });

  it('lists a postponed approval at its next check, or immediately after a change', async () => {
    const one = await stored();
    await approvals.recordPosted(one, '1.1', 1);
    const posted = (await approvals.get(one)) ?? one;
    await approvals.scheduleNextCheck(posted, '2026-11-02T10:06:00.000Z');
    expect(await isDue(one, AT)).toBe(false);
    expect(await isDue(one, '2026-11-02T10:06:00.000Z')).toBe(true);
    await approvals.approve(one, 'U0BEN', AT, newPress());
    expect(await isDue(one, AT)).toBe(true);
  });

  it('ignores a postponement that is based on an outdated read', async () => {
    const one = await stored();
    await approvals.recordPosted(one, '1.1', 1);
    const before = (await approvals.get(one)) ?? one;
    await approvals.approve(one, 'U0BEN', AT, newPress());
    await approvals.scheduleNextCheck(before, '2026-11-02T10:10:00.000Z');
    expect(await isDue(one, AT)).toBe(true);
    await approvals.recordShown(one, 2);
    const shown = (await approvals.get(one)) ?? one;
    await approvals.recordShown(one, 1);
    await approvals.scheduleNextCheck(shown, '2026-11-02T10:10:00.000Z');
    expect(await isDue(one, AT)).toBe(true);
  });

  it('schedules the next check in the same write if the approvers are unchanged, and immediately if they changed', async () => {
    const one = await stored();
    await approvals.recordPosted(one, '1.1', 1);
    const posted = (await approvals.get(one)) ?? one;
    const same = await approvals.recordApprovers(
      posted,
      { effectiveApprovers: posted.effectiveApprovers, delegateFor: {}, away: [] },
      AT,
    );
    expect(await isDue(one, '2026-11-02T10:07:30.000Z')).toBe(false);
    expect(await isDue(one, '2026-11-02T10:07:31.000Z')).toBe(true);
    await approvals.recordApprovers(
      same.approval,
      { effectiveApprovers: ['U0DANA'], delegateFor: {}, away: [] },
      AT,
    );
    expect(await isDue(one, AT)).toBe(true);
  });

  it('rejects a decision after the execution has ended', async () => {
    const made = await stored();
    await approvals.settle(made, { outcome: 'cancelled' }, new Date());
    expect(await approvals.approve(made, 'U0BEN', AT, newPress())).toMatchObject({
      changed: false,
      refusal: 'closed',
    });
  });

  it('lists the approvals of one execution, oldest first, without those of another execution with the same name', async () => {
    const execution = 'twice';
    const other = 'arn:aws:states:us-east-1:000000000000:execution:other:twice';
    await stored({ execution, executionArn, id: 'approval-b', askedAt: '2026-11-02T11:00:00.000Z' });
    await stored({ execution, executionArn, id: 'approval-c', askedAt: '2026-11-02T10:00:00.000Z' });
    await stored({ execution, executionArn: other, id: 'approval-d' });
    await completions.record({ executionArn, outcome: 'failed' }, new Date());
    expect((await approvals.ofExecution(executionArn)).map(({ id }) => id)).toEqual([
      'approval-c',
      'approval-b',
    ]);
  });

  it('lets one worker post at a time, and another only after the lease has expired', async () => {
    const made = await stored();
    const at = (seconds: number) => new Date(Date.UTC(2026, 10, 2, 10, 0, seconds));
    const claims = await Promise.all([approvals.leasePost(made, at(0)), approvals.leasePost(made, at(0))]);
    expect(claims.toSorted()).toEqual(['acquired', 'held']);
    expect(await approvals.leasePost(made, at(29))).toBe('held');
    expect(await approvals.leasePost(made, at(61))).toBe('taken_over');
    await approvals.releasePost(made);
    expect(await approvals.leasePost(made, at(62))).toBe('acquired');
    await approvals.recordPosted(made, '1.1', 1);
    expect(await approvals.leasePost(made, at(500))).toBe('done');
  });

  it('keeps a filled result when a failure is reported later', async () => {
    const made = await stored();
    await approvals.settle(made, { outcome: 'done', text: 'Bought.' }, new Date());
    await approvals.settle(made, { outcome: 'failed', text: 'late' }, new Date());
    expect(await approvals.get(made)).toMatchObject({ result: { outcome: 'done' } });
  });

  it('lets one worker notify an audience at a time, and nobody after it was notified', async () => {
    const completion = { executionArn, outcome: 'done' } as const;
    const at = (seconds: number) => new Date(Date.UTC(2026, 10, 2, 12, 0, seconds));
    await completions.record(completion, at(0));
    const claims = await Promise.all([
      completions.leaseNotification(completion, 'channel', at(0)),
      completions.leaseNotification(completion, 'channel', at(0)),
    ]);
    expect(claims.toSorted()).toEqual(['acquired', 'held']);
    expect(await completions.leaseNotification(completion, 'requester', at(0))).toBe('acquired');
    expect(await completions.leaseNotification(completion, 'channel', at(61))).toBe('taken_over');
    await completions.releaseNotification(completion, 'channel');
    expect(await completions.leaseNotification(completion, 'channel', at(62))).toBe('acquired');
    await completions.recordNotified(completion, 'channel');
    await completions.record(completion, at(99));
    expect(await completions.leaseNotification(completion, 'channel', at(999))).toBe('done');
  });

  it('treats the completions of a redriven execution separately and returns whether an execution has ended since a time', async () => {
    const now = new Date('2026-11-02T13:00:09.000Z');
    const over = 'arn:aws:states:us-east-1:000000000000:execution:trading:over';
    const completion = { executionArn: over, outcome: 'failed', at: '2026-11-02T12:00:00.000Z' } as const;
    await completions.record(completion, now);
    await completions.recordNotified(completion, 'channel');
    const resubmitted = { ...completion, at: '2026-11-02T13:00:00.000Z' };
    expect(await completions.endedSince(over, '2026-11-02T11:59:59.000Z')).toBe(true);
    expect(await completions.endedSince(over, '2026-11-02T12:00:01.000Z')).toBe(false);
    await completions.record(resubmitted, now);
    expect(await completions.leaseNotification(resubmitted, 'channel', now)).toBe('acquired');
    expect(await completions.endedSince(over, '2026-11-02T12:00:01.000Z')).toBe(true);
    expect(await completions.endedSince(`${over}-not`, '2026-11-02T11:00:00.000Z')).toBe(false);
  });
});
