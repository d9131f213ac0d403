// Tests the mention of delegates who join while a request waits: whom it mentions, and that it is posted once.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import { mentionDelegates } from '../../functions/mention-delegates.ts';
import { postApproval } from '../../slack/messages/post-approval.ts';
import { approval } from '../support/approvals.ts';
import { newPress } from '../support/action-request.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';

const AT = '2026-11-02T10:05:00.000Z';
const forBen = {
  effectiveApprovers: ['U0CHLOE', 'U0DANA'],
  delegateFor: { U0DANA: 'U0BEN' },
  away: ['U0BEN'],
};
let tables: TestTables;
let workspace: SlackWorkspace;
let acquired: string[];
let logged: object[];
let count = 0;

beforeAll(async () => {
  tables = await startTables();
  workspace = await openSlackWorkspace();
});

beforeEach(() => {
  [acquired, logged] = [[], []];
});

afterAll(async () => {
  tables.close();
  await workspace.slack.close();
});

const get = async (made: Approval) => (await tables.approvals.get(made)) ?? made;
const later = (ms: number) => new Date(Date.parse(AT) + ms).toISOString();
const waving = ({ ts = '' }: Approval) =>
  workspace.replies(ts).filter(({ text }) => text.startsWith(':wave:'));

async function stored(): Promise<Approval> {
  const execution = `mention-${(count += 1)}`;
  const made = approval({ execution, id: `approval-${execution}` });
  await tables.approvals.create(made, `token-${execution}`);
  return made;
}

async function posted(): Promise<Approval> {
  const made = await stored();
  const { approvals } = tables;
  await postApproval({ approvals, slack: workspace.client, now: () => new Date(made.askedAt) }, made);
  return get(made);
}

/** The request is posted, and then Ben goes out and Dana stands in. */
async function joined(): Promise<Approval> {
  const { approval: made } = await tables.approvals.recordApprovers(await posted(), forBen, AT);
  return made;
}

async function runAt(time: string, made: Approval): Promise<void> {
  await mentionDelegates(await get(made), {
    approvals: tables.approvals,
    slack: async () => workspace.client,
    acquire: async ({ name }) => void acquired.push(name),
    now: () => new Date(time),
    log: (event, fields) => void logged.push({ event, ...fields }),
  });
}

describe('mentionDelegates', () => {
  it('mentions a delegate who joined after the request was posted, once', async () => {
    const made = await joined();
    await runAt(AT, made);
    const metadata = { event_type: 'countersign_delegate', event_payload: { id: `${made.id}-U0DANA` } };
    expect(waving(made)).toMatchObject([
      { text: expect.stringContaining('<@U0DANA>: <@U0BEN> is out'), metadata },
    ]);
    expect(acquired).toEqual([`thread-replies-${CHANNEL}`]);
    expect(logged).toEqual([
      { event: 'delegate_mentioned', delegate: 'U0DANA', execution: made.execution, approval: made.id },
    ]);
    const after = await get(made);
    expect(after.delegatesToMention).toBeUndefined();
    expect(after.mentioningAt).toBeUndefined();
    await runAt(later(60_000), made);
    expect(waving(made)).toHaveLength(1);
    expect(logged).toHaveLength(1);
  });

  it('mentions nobody whom the request mentions already', async () => {
    const { approval: made } = await tables.approvals.recordApprovers(await stored(), forBen, AT);
    expect(made.delegatesToMention).toBeUndefined();
  });

  it('mentions each of two delegates, and only those who joined', async () => {
    const both = {
      effectiveApprovers: ['U0DANA', 'U0SAM'],
      delegateFor: { U0DANA: 'U0BEN', U0SAM: 'U0CHLOE' },
      away: ['U0BEN', 'U0CHLOE'],
    };
    const first = await joined();
    await runAt(AT, first);
    const { approval: made } = await tables.approvals.recordApprovers(await get(first), both, later(1));
    expect([...(made.delegatesToMention ?? [])]).toEqual(['U0SAM']);
    await runAt(later(2), made);
    expect(waving(made).map(({ text }) => text.slice(0, 20))).toEqual([
      ':wave: <@U0DANA>: <@',
      ':wave: <@U0SAM>: <@U',
    ]);
  });

  it('mentions nobody who may no longer approve', async () => {
    const made = await joined();
    const withoutDana = { effectiveApprovers: ['U0CHLOE'], delegateFor: {}, away: ['U0BEN'] };
    await tables.approvals.recordApprovers(made, withoutDana, later(1));
    await runAt(later(2), made);
    expect(waving(made)).toEqual([]);
    expect((await get(made)).delegatesToMention).toBeUndefined();
    expect([...acquired, ...logged]).toEqual([]);
  });

  it('mentions nobody who has become an approver', async () => {
    const made = await joined();
    const asApprover = { effectiveApprovers: ['U0CHLOE', 'U0DANA'], delegateFor: {}, away: ['U0BEN'] };
    await tables.approvals.recordApprovers(made, asApprover, later(1));
    await runAt(later(2), made);
    expect(waving(made)).toEqual([]);
    expect((await get(made)).delegatesToMention).toBeUndefined();
  });

  it('mentions nobody while too few people may approve, and the delegate once enough may', async () => {
    const two = { ...(await posted()), policy: { approvals: 2, approvers: ['U0BEN', 'U0CHLOE'] } };
    const { approval: few } = await tables.approvals.recordApprovers(
      two,
      { ...forBen, effectiveApprovers: ['U0DANA'] },
      AT,
    );
    await runAt(later(1), few);
    expect([...waving(few), ...acquired]).toEqual([]);
    const current = { ...(await get(few)), policy: two.policy };
    const { approval: enough } = await tables.approvals.recordApprovers(current, forBen, later(2));
    await runAt(later(3), enough);
    expect(waving(enough)).toHaveLength(1);
  });

  it('mentions the delegate directly if the channel cannot be reached', async () => {
    const made = await joined();
    workspace.slack.setArchived(true);
    await runAt(AT, made);
    workspace.slack.setArchived(false);
    const told = workspace.slack.directMessages('U0DANA').at(-1);
    expect(told?.text).toContain(':wave: <@U0DANA>: <@U0BEN> is out');
    expect((await get(made)).delegatesToMention).toBeUndefined();
  });

  it('mentions nobody after the decision', async () => {
    const made = await joined();
    await tables.approvals.approve(made, 'U0CHLOE', later(1), newPress());
    await runAt(later(2), made);
    expect([...waving(made), ...logged]).toEqual([]);
  });

  it('posts at once after Slack refused the reply', async () => {
    const made = await joined();
    workspace.slack.refuse('chat.postMessage', 'invalid_auth', { times: 1 });
    await expect(runAt(AT, made)).rejects.toThrow('invalid_auth');
    await runAt(later(1), made);
    expect(waving(made)).toHaveLength(1);
  });

  it('waits until the lease has expired if Slack may have posted the reply, and then searches for it', async () => {
    const made = await joined();
    const { approvals } = tables;
    const recordMention = async () => Promise.reject(new Error('The table is away'));
    tables = { ...tables, approvals: { ...approvals, recordMention } };
    await expect(runAt(AT, made)).rejects.toThrow('The table is away');
    tables = { ...tables, approvals };
    await runAt(later(54_000), made);
    expect((await get(made)).delegatesToMention).toBeDefined();
    await runAt(later(55_001), made);
    expect(waving(made)).toHaveLength(1);
    expect((await get(made)).delegatesToMention).toBeUndefined();
  });

  it('does not release a lease that it took over if Slack refuses the reply', async () => {
    const made = await joined();
    await tables.approvals.leaseMention(made, 'U0DANA', new Date(AT));
    workspace.slack.refuse('chat.postMessage', 'invalid_auth', { times: 1 });
    await expect(runAt(later(55_001), made)).rejects.toThrow('invalid_auth');
    expect(await tables.approvals.leaseMention(made, 'U0DANA', new Date(later(55_002)))).toBe('held');
  });

  it('takes no lease for somebody who needs no mention', async () => {
    const made = await joined();
    expect(await tables.approvals.leaseMention(made, 'U0CHLOE', new Date(AT))).toBe('done');
    expect(await tables.approvals.leaseMention(await posted(), 'U0DANA', new Date(AT))).toBe('done');
    await tables.approvals.approve(made, 'U0CHLOE', later(1), newPress());
    expect(await tables.approvals.leaseMention(made, 'U0DANA', new Date(later(2)))).toBe('done');
  });
});
