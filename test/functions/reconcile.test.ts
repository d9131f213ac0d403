// Tests the reconciler on one record at a time, with real conditional writes: what it does, how often, and what it
// leaves.
import { partialSlack } from '../support/partial-slack.ts';
import { auditCursor } from '../../aws/audit-cursor.ts';
import { memoryCopies } from '../support/memory-copies.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backlogTable } from '../../aws/backlog-table.ts';
import type { Described } from '../../aws/executions.ts';
import { syncMessage } from '../../slack/messages/sync-message.ts';
import type { Approval } from '../../domain/approval.ts';
import { reconcile } from '../../functions/reconcile.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { peopleRules } from '../support/people-rules.ts';
import { change, TERMS } from '../support/amendments.ts';
import { newPress } from '../support/action-request.ts';
import { unlimited } from '../support/queue-event.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-02T10:00:00.000Z');
const at = (minutes: number) => new Date(START + minutes * MINUTE).toISOString();

let tables: TestTables;
let calls: string[];
let logged: string[];
let published: object[];
let described: Described;
let isUpdatingFull: boolean;
let refusal: Readonly<Record<string, string>>;
let minute: number;
let count = 0;

beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());
beforeEach(() => {
  [calls, logged, published, refusal, isUpdatingFull] = [[], [], [], {}, false];
  described = { status: 'RUNNING', input: {} };
  return async () => {
    for await (const key of tables.approvals.due(new Date(at(1e6)))) {
      const one = await tables.approvals.get(key);
      if (one) await tables.approvals.settle(one, { outcome: 'failed' }, new Date());
      await tables.approvals.close(key);
    }
  };
});

const asked = (name: string, answer: object) => async () => {
  calls.push(name);
  const error = refusal[name];
  if (error) throw Object.assign(new Error(error), { code: 'slack_webapi_platform_error', data: { error } });
  return answer;
};
/** What of Slack's client the watch calls. */
const slack = partialSlack({
  conversations: { history: asked('conversations.history', { messages: [] }) },
  auth: { test: asked('auth.test', { team_id: 'T' }) },
  users: { info: asked('users.info', { user: { team_id: 'T', profile: { real_name: 'Ben' } } }) },
  usergroups: { users: { list: asked('usergroups.users.list', { users: ['U0BEN'] }) } },
  chat: {
    update: asked('chat.update', {}),
    postMessage: asked('chat.postMessage', { ts: '9.9' }),
  },
});

const copies = memoryCopies();

/** Goes by at this minute. */
async function watchAt(to: number): Promise<void> {
  minute = to;
  const now = () => new Date(at(minute));
  const watch = reconcile({
    approvals: tables.approvals,
    audit: tables.audit,
    identityOf: async () => undefined,
    auditCursor: auditCursor(tables.client, 'Approvals'),
    copies,
    resolvedApprovers: tables.resolvedApprovers,
    peopleRules,
    people: { outOfOffice: async () => [] },
    rateLimiter: {
      ...unlimited,
      tryReserve: async ({ name }) => !isUpdatingFull || name !== 'message-updates',
    },
    backlogs: backlogTable(tables.client, 'Approvals'),
    channels: ['C0TRADING'],
    slack: async () => slack,
    executions: { resume: async () => 'resumed' as const },
    describe: async () => {
      calls.push('DescribeExecution');
      return described;
    },
    stop: async () => {},
    publish: async (message) => void published.push(message),
    now,
    log: (event) => void logged.push(event),
  });
  await watch().catch(() => logged.push('thrown'));
}

async function watchEachMinute(from: number, to: number): Promise<void> {
  for (let next = from; next <= to; next += 1) await watchAt(next);
}

/** Asked at minute 0, and posted. */
async function posted(differences: Partial<Approval> = {}): Promise<Approval> {
  const execution = `run-${(count += 1)}`;
  const executionArn = `arn:aws:states:us-east-1:000000000000:execution:trading:${execution}`;
  const made = approval({ execution, executionArn, ...differences });
  await tables.approvals.create(made, `token-${execution}`);
  await tables.approvals.recordPosted(made, `1.${count}`, 1);
  return made;
}

async function isDue({ execution }: Approval): Promise<boolean> {
  const keys = await Array.fromAsync(tables.approvals.due(new Date(at(1e5))));
  return keys.some((key) => key.execution === execution);
}

const now = async (one: Approval): Promise<Approval> => (await tables.approvals.get(one)) ?? one;

describe('reconciler', () => {
  it('checks an execution that keeps running after its decision less and less often', async () => {
    const made = await posted();
    await tables.approvals.approve(made, 'U0BEN', at(5), newPress());
    await tables.approvals.recordSent(made, at(5));
    await tables.approvals.recordShown(made, 2);
    await watchEachMinute(16, 136);
    expect(calls.filter((call) => call === 'DescribeExecution').length).toBeLessThan(15);
    expect(await isDue(made)).toBe(true);
  });

  it('expires a request without a decision, even if its execution keeps running', async () => {
    const made = await posted();
    await watchEachMinute(16, 18);
    expect(await now(made)).toMatchObject({ status: 'expired', result: { outcome: 'expired' } });
    expect(calls).toContain('chat.update');
    expect(await isDue(made)).toBe(false);
  });

  it('refreshes approvers and sends reminders while a message waits for the rate limit', async () => {
    isUpdatingFull = true;
    const made = await posted({
      policy: { approvals: 1, approvers: ['S0RISK'] },
      deadline: at(240),
      escalationSchedule: { reminder: at(30), escalateTo: [] },
    });
    await watchEachMinute(5, 35);
    expect((await now(made)).escalationSteps.reminder?.ts).toBe('9.9');
    expect(await tables.approvals.approve(made, 'U0BEN', at(35), newPress())).toMatchObject({
      changed: true,
      approval: { status: 'approved' },
    });
  });

  it('asks Slack once for a failing group, however many requests need it', async () => {
    refusal = { 'usergroups.users.list': 'missing_scope' };
    for (let each = 0; each < 10; each += 1)
      await posted({
        policy: { approvals: 1, approvers: ['S0GONE'] },
        deadline: at(600),
        escalationSchedule: { escalateTo: [] },
      });
    await watchAt(10);
    expect(calls.filter((call) => call === 'usergroups.users.list')).toHaveLength(1);
  });

  it('updates the message of a resubmitted request after its result was posted', async () => {
    const made = await posted();
    await tables.approvals.settle(made, { outcome: 'expired' }, new Date(at(16)));
    await tables.approvals.recordShown(made, 2);
    await tables.approvals.close(made);
    await tables.approvals.recordResubmission(made, { by: 'U0ANA', at: at(20) });
    await watchAt(22);
    expect(await now(made)).toMatchObject({ revision: 3, shownRevision: 3 });
    expect(await isDue(made)).toBe(false);
  });

  it('gives up on a deleted message', async () => {
    refusal = { 'chat.update': 'message_not_found' };
    const made = await posted();
    await tables.approvals.settle(made, { outcome: 'expired' }, new Date(at(16)));
    await tables.approvals.recordShown(made, 2);
    await tables.approvals.close(made);
    await tables.approvals.recordResubmission(made, { by: 'U0ANA', at: at(20) });
    await watchEachMinute(22, 30);
    expect(calls.filter((call) => call === 'chat.update')).toHaveLength(1);
  });

  it('does not cancel a posted request, because its result must be shown', async () => {
    const made = await posted();
    await tables.approvals.cancelUnasked(made);
    expect(await now(made)).toMatchObject({ status: 'pending' });
    expect(await isDue(made)).toBe(true);
  });

  it('reports the approval of a redriven execution as ended before the redrive', async () => {
    const made = await posted();
    described = { ...described, redrivenAt: at(10) };
    refusal = { 'chat.update': 'internal_error' };
    await watchAt(17);
    refusal = {};
    await watchAt(80);
    const [told] = published as { readonly EndedAt?: string }[];
    expect(told?.EndedAt?.localeCompare(at(10))).toBe(-1);
    expect(await now(made)).toMatchObject({ status: 'cancelled' });
  });

  it('gives up a message that Slack refuses a day after the deadline, and leaves the approval open', async () => {
    refusal = { 'chat.update': 'not_in_channel' };
    const made = await posted();
    await tables.approvals.approve(made, 'U0BEN', at(5), newPress());
    await tables.approvals.recordSent(made, at(5));
    const updates = () => calls.filter((call) => call === 'chat.update').length;
    await watchAt(15 + 24 * 60);
    expect(updates()).toBe(1);
    await watchAt(15 + 24 * 60 + 20);
    expect(updates()).toBe(1);
    expect(await isDue(made)).toBe(true);
  });

  it.each([
    ['was never posted', undefined, { 'chat.postMessage': 'is_archived' }],
    ['cannot be searched for', undefined, { 'conversations.history': 'not_in_channel' }],
    ['cannot be updated', '1.1', { 'chat.update': 'not_in_channel' }],
  ])('ends a backlog that has passed and whose message %s', async (_, ts, refused) => {
    refusal = refused;
    const { client } = tables;
    const backlogs = backlogTable(client, 'Approvals');
    await backlogs.put('C0TRADING', { since: at(1), ts });
    await watchAt(2);
    await watchAt(3);
    expect(await backlogs.get('C0TRADING')).toBeUndefined();
    expect(calls.filter((call) => call === 'chat.postMessage')).toEqual([]);
    expect(logged).not.toContain('thrown');
  });

  it('tells the voters of a changed request, once, and asks Slack for the approvers of a higher tier', async () => {
    const rules = {
      approvers: ['U0BEN'],
      tiers: [
        { upToUsd: 5_000, approvals: 1 },
        { upToUsd: 9_000, approvals: 2, approvers: ['S0RISK'] },
      ],
      startedOutsideSlack: 'as-usual',
      confirmFromUsd: 1,
    } as const;
    const made = await posted({
      terms: TERMS.first,
      votes: { U0CHLOE: { at: at(1) } },
      outstanding: 0,
      policy: { approvals: 1, approvers: ['U0BEN'], rules },
    });
    const changed = await tables.approvals.amend(
      made,
      TERMS.first.digest,
      change(made, 6_000),
      new Date(at(1)),
    );
    expect(changed.outcome).toBe('amended');
    const press = () => ({ ...newPress(), termsDigest: TERMS.second.digest });
    expect(await tables.approvals.approve(made, 'U0BEN', at(1), press())).toMatchObject({
      refusal: 'stale_membership',
    });
    await watchEachMinute(2, 4);
    expect(calls.filter((call) => call === 'chat.postMessage')).toHaveLength(1);
    expect(calls).toContain('usergroups.users.list');
    expect(await now(made)).toMatchObject({
      amendmentsNotified: 1,
      effectiveApprovers: ['U0BEN'],
      outstanding: 2,
    });
    expect(await tables.approvals.approve(made, 'U0BEN', at(4), press())).toMatchObject({ changed: true });
  });

  it('does not repeat an update that was already shown', async () => {
    const made = await posted();
    await syncMessage({ approvals: tables.approvals, slack }, made);
    calls = [];
    await watchEachMinute(1, 3);
    expect(calls.filter((call) => call === 'chat.update')).toEqual([]);
  });
});
