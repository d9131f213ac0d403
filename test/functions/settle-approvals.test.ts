// Tests which approvals of an ended execution get which result, and what their messages then show.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditCopies } from '../../aws/audit-copies.ts';
import type { Approval, Result } from '../../domain/approval.ts';
import { settleApprovals } from '../../functions/settle-approvals.ts';
import { messageUpdates, requestPosts } from '../../slack/rate-limits.ts';
import { postApproval } from '../../slack/messages/post-approval.ts';
import { newPress } from '../support/action-request.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { memoryCopies } from '../support/memory-copies.ts';
import { CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';

const FIRST = '2026-11-02T10:00:01.000Z';
const SECOND = '2026-11-02T10:05:01.000Z';
const END = '2026-11-02T10:10:00.000Z';
let tables: TestTables;
let workspace: SlackWorkspace;
let executionArn: string;
let acquired: string[];
let logged: string[];
let details: object[];
let count = 0;

beforeAll(async () => {
  tables = await startTables();
  workspace = await openSlackWorkspace();
});

beforeEach(() => {
  executionArn = `arn:aws:states:us-east-1:000000000000:execution:trading:settle-${(count += 1)}`;
  [acquired, logged, details] = [[], [], []];
});

afterAll(async () => {
  tables.close();
  await workspace.slack.close();
});

const now = () => new Date('2026-11-02T10:20:00.000Z');
const get = async (made: Approval) => (await tables.approvals.get(made)) ?? made;

async function asked(askedAt: string, differences: Partial<Approval> = {}): Promise<Approval> {
  const execution = `settle-${count}`;
  const made = approval({
    execution,
    executionArn,
    askedAt,
    id: `approval-${count}-${askedAt}`,
    ...differences,
  });
  await tables.approvals.create(made, `token-${askedAt}`);
  return made;
}

/** @param endedAt null if it is unknown */
async function settle(
  result: Result,
  endedAt: string | null = END,
  copies: AuditCopies = memoryCopies(),
): ReturnType<typeof settleApprovals> {
  return settleApprovals(executionArn, result, endedAt ?? undefined, {
    approvals: tables.approvals,
    audit: tables.audit,
    copies,
    identityOf: async () => undefined,
    slack: async () => workspace.client,
    now,
    arrivedAt: now(),
    acquire: async ({ name }) => void acquired.push(name),
    log: (event, fields) => {
      logged.push(event);
      details.push(fields ?? {});
    },
  });
}

async function isDue(made: Approval): Promise<boolean> {
  const keys = await Array.fromAsync(tables.approvals.due(new Date('2027-01-01T00:00:00.000Z')));
  return keys.some(({ execution, id }) => execution === made.execution && id === made.id);
}

describe('settleApprovals', () => {
  it('gives the result to the last approval, and closes an earlier one that was decided', async () => {
    const first = await asked(FIRST);
    await tables.approvals.approve(first, 'U0BEN', FIRST, newPress());
    const last = await asked(SECOND);
    const { settled } = await settle({ outcome: 'expired' });
    expect(settled.map((each) => each.approval.id)).toEqual([last.id]);
    expect(await get(last)).toMatchObject({ status: 'expired', result: { outcome: 'expired', at: END } });
    expect(await get(first)).toMatchObject({ status: 'approved' });
    expect((await get(first)).result).toBeUndefined();
    expect([await isDue(first), await isDue(last)]).toEqual([false, true]);
  });

  it('leaves an earlier approval open that was decided and has a result, until its notification', async () => {
    const first = await asked(FIRST);
    await tables.approvals.approve(first, 'U0BEN', FIRST, newPress());
    await tables.approvals.settle(await get(first), { outcome: 'failed' }, now());
    await asked(SECOND);
    await settle({ outcome: 'expired' });
    expect(await isDue(first)).toBe(true);
    expect((await get(first)).result).toEqual({ outcome: 'failed' });
  });

  it.each<[Result['outcome'], string, Result['outcome']]>([
    ['failed', END, 'failed'],
    ['cancelled', END, 'cancelled'],
    ['expired', END, 'expired'],
    ['expired', '2026-11-02T10:10:00.001Z', 'cancelled'],
    ['declined', END, 'expired'],
  ])('after %s, an earlier request with the deadline %s is %s', async (outcome, deadline, earlier) => {
    const first = await asked(FIRST, { deadline });
    const last = await asked(SECOND);
    await settle({ outcome });
    expect((await get(first)).result).toMatchObject({ outcome: earlier, at: END });
    expect((await get(last)).result).toMatchObject({ outcome });
  });

  it('does not settle an approval from after the end, and marks the earlier one as resubmitted', async () => {
    const first = await asked(FIRST);
    const later = await asked('2026-11-02T10:10:00.001Z');
    const { settled } = await settle({ outcome: 'failed' });
    expect(settled.map((each) => each.approval.id)).toEqual([first.id]);
    expect((await get(first)).resubmitted).toEqual({ at: later.askedAt });
    expect((await get(later)).result).toBeUndefined();
  });

  it('settles an approval from the very end, and marks it as resubmitted by nobody', async () => {
    const made = await asked(END);
    await settle({ outcome: 'failed' });
    expect((await get(made)).result).toMatchObject({ outcome: 'failed' });
    expect((await get(made)).resubmitted).toBeUndefined();
  });

  it('uses the present time if the end is unknown', async () => {
    const made = await asked(FIRST);
    await settle({ outcome: 'failed' }, null);
    expect((await get(made)).result?.at).toBe(now().toISOString());
  });

  it('posts the final message of a request without a message, within the limit of requests', async () => {
    const made = await asked(FIRST);
    const { settled } = await settle({ outcome: 'failed' });
    const { ts } = await get(made);
    expect(settled).toMatchObject([{ threadTs: ts, approval: { ts } }]);
    expect(acquired).toEqual([requestPosts(CHANNEL).name]);
  });

  it('updates a posted message once, within the limit of updates', async () => {
    const made = await asked(FIRST);
    const ts = await postApproval({ approvals: tables.approvals, slack: workspace.client, now }, made);
    expect((await settle({ outcome: 'expired' })).settled).toMatchObject([{ threadTs: ts }]);
    expect(workspace.shown(ts).text).toMatch(/^Expired: /);
    expect(acquired).toEqual([messageUpdates.name]);
    expect((await settle({ outcome: 'expired' })).settled).toMatchObject([{ threadTs: ts }]);
    expect(acquired).toEqual([messageUpdates.name]);
  });

  it('has no thread if somebody deleted the message', async () => {
    const made = await asked(FIRST);
    await tables.approvals.recordPosted(made, '1700000000.000100', 1);
    const { settled } = await settle({ outcome: 'expired' });
    expect(settled).toMatchObject([{ approval: { id: made.id } }]);
    expect(settled[0]?.threadTs).toBeUndefined();
  });

  it('returns the entries that could not be copied, and logs why', async () => {
    await asked(FIRST);
    const copies = memoryCopies();
    const failing: AuditCopies = {
      put: async (entry) => {
        if (entry.action === 'ended') throw new Error('S3 is down');
        await copies.put(entry);
      },
    };
    const { uncopied } = await settle({ outcome: 'expired' }, END, failing);
    expect(uncopied.map(({ derived }) => derived.action)).toEqual(['ended']);
    expect([...copies.entries.values()].map(({ action }) => action)).toEqual(['requested']);
    expect(logged).toEqual(['audit_not_copied']);
  });

  it('has nothing to settle if the execution requested nothing', async () => {
    expect(await settle({ outcome: 'failed' })).toEqual({
      settled: [],
      ended: [],
      uncopied: [],
      failures: [],
    });
  });

  it('stores whether the time is that of the end or of the arrival', async () => {
    const known = await asked(FIRST);
    await settle({ outcome: 'failed' });
    expect((await get(known)).result).toEqual({ outcome: 'failed', at: END });
    executionArn = `${executionArn}-unknown`;
    const unknown = await asked(FIRST, {
      id: 'approval-unknown',
      execution: executionArn.split(':').at(-1) ?? '',
    });
    await settle({ outcome: 'failed' }, null);
    expect((await get(unknown)).result).toMatchObject({ isArrivalTime: true, at: now().toISOString() });
  });

  it('has no thread if Slack refuses to post the final message, and fails if Slack is down', async () => {
    await asked(FIRST);
    workspace.slack.refuse('chat.postMessage', 'is_archived', { times: 1 });
    const { settled, failures } = await settle({ outcome: 'failed' });
    expect(settled).toMatchObject([{ threadTs: undefined, approval: { execution: `settle-${count}` } }]);
    expect(failures).toEqual([]);
    expect(logged).toContain('channel_unreachable');
    const remedy = expect.stringContaining('archived');
    expect(details).toContainEqual(expect.objectContaining({ channel: CHANNEL, remedy }));
    workspace.slack.refuse('chat.postMessage', 'invalid_auth', { times: 1 });
    await expect(settle({ outcome: 'failed' })).rejects.toThrow('invalid_auth');
  });

  it('returns the error of a message that could not be updated, with its thread', async () => {
    const made = await asked(FIRST);
    const ts = await postApproval({ approvals: tables.approvals, slack: workspace.client, now }, made);
    workspace.slack.refuse('chat.update', 'update_failed', { times: 1 });
    const { settled, failures } = await settle({ outcome: 'failed' });
    expect(settled).toMatchObject([{ threadTs: ts, approval: { id: made.id } }]);
    expect(failures).toEqual([
      expect.objectContaining({ message: expect.stringContaining('update_failed') }),
    ]);
  });
});
