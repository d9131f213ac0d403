// Tests whom relay-result notifies, that it notifies each audience once, and which results it refuses.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AuditCopies } from '../../aws/audit-copies.ts';
import type { Described } from '../../aws/executions.ts';
import type { Approval, Result } from '../../domain/approval.ts';
import { relayResult } from '../../functions/relay-result.ts';
import { postApproval } from '../../slack/messages/post-approval.ts';
import { newPress } from '../support/action-request.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { memoryCopies } from '../support/memory-copies.ts';
import { CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';
import { policiesWith } from '../support/policies.ts';

const AT = '2026-11-02T10:05:00.000Z';
const DEADLINE = '2026-11-02T10:15:01.000Z';
let tables: TestTables;
let workspace: SlackWorkspace;
let time: number;
/** By how much the function's clock is behind that of AWS. */
let behindMs: number;
const HOUR = 60 * 60_000;
let acquired: string[];
let logged: object[];
let described: Partial<Described>;
let count = 0;

beforeAll(async () => {
  tables = await startTables();
  workspace = await openSlackWorkspace();
});

beforeEach(() => {
  time = Date.parse('2026-11-02T10:20:00.000Z');
  behindMs = 0;
  [acquired, logged, described] = [[], [], {}];
});

afterAll(async () => {
  tables.close();
  await workspace.slack.close();
});

const now = () => new Date(time);
const arn = (execution: string) => `arn:aws:states:us-east-1:000000000000:execution:trading:${execution}`;

async function posted(
  differences: Partial<Approval> = {},
): Promise<{ readonly made: Approval; readonly ts: string }> {
  const execution = `once-${(count += 1)}`;
  const made = approval({
    execution,
    executionArn: arn(execution),
    id: `approval-${execution}`,
    ...differences,
  });
  await tables.approvals.create(made, `token-${execution}`);
  const ts = await postApproval({ approvals: tables.approvals, slack: workspace.client, now }, made);
  return { made, ts };
}

async function relay(
  execution: string,
  result: Result,
  EndedAt?: string,
  copies: AuditCopies = memoryCopies(),
): Promise<void> {
  const work = relayResult({
    ...tables,
    copies,
    identityOf: async () => undefined,
    describe: async () => ({ status: 'RUNNING', input: {}, startedAt: AT, ...described }),
    slack: async () => workspace.client,
    policies: policiesWith({ channel: CHANNEL }),
    now,
    log: (event, fields) => void logged.push({ event, ...fields }),
  });
  const acquire = async ({ name }: { readonly name: string }) => void acquired.push(name);
  const { outcome } = result;
  const Input = outcome === 'declined' || outcome === 'expired' ? { approval: { outcome } } : { result };
  await work(
    { ExecutionId: arn(execution), Input, EndedAt },
    { acquire, firstSentAt: now().getTime() + behindMs },
  );
}

const toldDirectly = (text: string, person = 'U0ANA') =>
  workspace.slack.directMessages(person).filter((message) => JSON.stringify(message).includes(text));

describe('relayResult notifies', () => {
  it('the thread and the requester, closes the approval, and logs it', async () => {
    const { made, ts } = await posted();
    await relay(made.execution, { outcome: 'failed', text: 'Failed plainly.' });
    expect(workspace.replies(ts)).toMatchObject([{ metadata: { event_type: 'countersign_result' } }]);
    expect(toldDirectly('Failed plainly.')).toHaveLength(1);
    const completion = { executionArn: made.executionArn, outcome: 'failed' } as const;
    for (const audience of ['channel', 'requester'] as const)
      expect(await tables.completions.leaseNotification(completion, audience, now())).toBe('done');
    const due = await Array.fromAsync(tables.approvals.due(new Date('2027-01-01T00:00:00.000Z')));
    expect(due.map(({ id }) => id)).not.toContain(made.id);
    expect(acquired).toEqual(['message-updates', `thread-replies-${CHANNEL}`]);
    expect(logged).toEqual([
      { event: 'completion_notified', execution: made.execution, outcome: 'failed', approval: made.id },
    ]);
  });

  it('no requester who declined the request, but one whose request another person declined', async () => {
    const { made: own } = await posted();
    await tables.approvals.decline(own, { by: 'U0ANA', at: AT, reason: 'Own reason' }, newPress());
    await relay(own.execution, { outcome: 'declined' });
    expect(toldDirectly('Own reason')).toEqual([]);
    const { made } = await posted();
    await tables.approvals.decline(made, { by: 'U0BEN', at: AT, reason: 'Reason of Ben' }, newPress());
    await relay(made.execution, { outcome: 'declined' });
    expect(toldDirectly('Reason of Ben')).toHaveLength(1);
  });

  it('no requester who cancelled the request', async () => {
    const { made } = await posted();
    await tables.approvals.cancel(made, { by: 'U0ANA', at: AT }, newPress());
    await relay(made.execution, { outcome: 'cancelled', text: 'Stopped by Ana.' });
    expect(toldDirectly('Stopped by Ana.')).toEqual([]);
  });

  it('no requester who wants no direct messages', async () => {
    const { made } = await posted();
    await tables.people.setPreferences('U0ANA', { directMessages: false });
    await relay(made.execution, { outcome: 'failed', text: 'Not by direct message.' });
    await tables.people.setPreferences('U0ANA', { directMessages: true });
    expect(toldDirectly('Not by direct message.')).toEqual([]);
  });

  it.each([
    ['the update of the message', 'chat.update', undefined, 'message-updates'],
    ['the direct message', 'chat.postMessage', 'U0ANA', undefined],
  ])(
    'the thread although Slack limits %s, which does not pause the channel',
    async (_, method, channel, limit) => {
      const { made, ts } = await posted();
      workspace.slack.refuse(method, 'ratelimited', { retryAfterSeconds: 20, ...(channel && { channel }) });
      const told = relay(made.execution, { outcome: 'failed' });
      await expect(told).rejects.toMatchObject({
        name: 'RateLimited',
        message: `Slack limits ${limit ?? 'a call without a slot'}.`,
        retryAfterSeconds: 20,
      });
      workspace.slack.stopFailing(method);
      expect(workspace.replies(ts)).toHaveLength(1);
    },
  );

  it('the channel of an execution that requested nothing, within the limit of that channel', async () => {
    await relay('unasked', { outcome: 'failed', text: 'Nothing was asked.' }, AT);
    const found = workspace.slack.messages().filter(({ text }) => text.includes('Nothing was asked.'));
    expect(found).toHaveLength(1);
    expect(acquired).toEqual([`thread-replies-${CHANNEL}`]);
    expect(logged).toEqual([
      { event: 'completion_notified', execution: 'unasked', outcome: 'failed', approval: undefined },
    ]);
  });

  it('the channel if an execution that requested nothing has expired', async () => {
    await relay('unasked-expired', { outcome: 'expired' });
    expect(logged).toMatchObject([{ event: 'completion_notified', outcome: 'expired' }]);
  });

  it('the channel of the request, within the limit of that channel', async () => {
    const execution = 'elsewhere';
    const made = approval({ execution, executionArn: arn(execution), channel: 'C0OTHER' });
    await tables.approvals.create(made, 'token');
    await tables.approvals.settle(made, { outcome: 'failed' }, now());
    await tables.approvals.recordPosted(made, '1.1', 2);
    await relay(execution, { outcome: 'failed' }).catch(() => {});
    expect(acquired).toEqual(['thread-replies-C0OTHER']);
  });

  it('the thread without a search if nobody can have posted the message', async () => {
    const { made, ts } = await posted();
    workspace.slack.refuse('conversations.replies', 'missing_scope', { times: 1 });
    await relay(made.execution, { outcome: 'failed' });
    expect(workspace.replies(ts)).toHaveLength(1);
    await expect(workspace.client.conversations.replies({ channel: CHANNEL, ts })).rejects.toThrow(
      'missing_scope',
    );
  });

  it('at once after Slack refused the message, because nobody was notified', async () => {
    const { made, ts } = await posted();
    workspace.slack.refuse('chat.postMessage', 'invalid_auth', { times: 1 });
    await expect(relay(made.execution, { outcome: 'failed' })).rejects.toThrow('invalid_auth');
    await relay(made.execution, { outcome: 'failed' });
    expect(workspace.replies(ts)).toHaveLength(1);
  });

  it('only after the lease has expired if Slack may have posted the message', async () => {
    const { made, ts } = await posted();
    workspace.slack.refuse('chat.postMessage', 'internal_error', { times: 1 });
    await expect(relay(made.execution, { outcome: 'failed' })).rejects.toThrow('internal_error');
    const inProgress = { name: 'NotificationInProgress', message: 'The channel is being notified.' };
    await expect(relay(made.execution, { outcome: 'failed' })).rejects.toMatchObject(inProgress);
    time += 31_000;
    await relay(made.execution, { outcome: 'failed' });
    expect(workspace.replies(ts)).toHaveLength(1);
  });

  it('nobody at once after Slack refused a message that an earlier holder of the lease may have posted', async () => {
    const { made } = await posted();
    const completion = { executionArn: made.executionArn, outcome: 'failed' } as const;
    await tables.completions.record(completion, now());
    await tables.completions.leaseNotification(completion, 'channel', now());
    time += 31_000;
    workspace.slack.refuse('chat.postMessage', 'invalid_auth', { times: 1 });
    await expect(relay(made.execution, { outcome: 'failed' })).rejects.toThrow('invalid_auth');
    await expect(relay(made.execution, { outcome: 'failed' })).rejects.toMatchObject({
      name: 'NotificationInProgress',
    });
  });

  it('people before it copies the entries that could not be copied, and leaves the approval open if that fails', async () => {
    const { made, ts } = await posted();
    const entries = memoryCopies();
    let failures = 3;
    const failing: AuditCopies = {
      put: async (entry) => {
        if (failures > 0) {
          failures -= 1;
          throw new Error('S3 is down');
        }
        await entries.put(entry);
      },
    };
    await expect(relay(made.execution, { outcome: 'failed' }, AT, failing)).rejects.toThrow('S3 is down');
    expect(workspace.replies(ts)).toHaveLength(1);
    const isDue = async () =>
      (await Array.fromAsync(tables.approvals.due(new Date('2027-01-01T00:00:00.000Z')))).some(
        ({ id }) => id === made.id,
      );
    expect(await isDue()).toBe(true);
    failures = 2;
    await relay(made.execution, { outcome: 'failed' }, AT, failing);
    expect(workspace.replies(ts)).toHaveLength(1);
    expect([...entries.entries.values()].map(({ action }) => action).toSorted()).toEqual([
      'ended',
      'requested',
    ]);
    expect(await isDue()).toBe(false);
  });
});

describe('relayResult, if the channel cannot be reached,', () => {
  const archived = () => workspace.slack.refuse('chat.postMessage', 'is_archived', { channel: CHANNEL });
  const events = (name: string) => logged.filter((each) => 'event' in each && each.event === name);

  it('tells each approver directly once, and the requester as always', async () => {
    const { made, ts } = await posted({ effectiveApprovers: ['U0ANA', 'U0BEN', 'U0NOBODY', 'U0CHLOE'] });
    archived();
    for (let each = 0; each < 2; each += 1)
      await relay(made.execution, { outcome: 'failed', text: `Archived ${made.execution}.` });
    workspace.slack.stopFailing('chat.postMessage');
    for (const person of ['U0ANA', 'U0BEN', 'U0CHLOE'])
      expect(toldDirectly(`Archived ${made.execution}.`, person)).toHaveLength(1);
    expect(workspace.replies(ts)).toEqual([]);
    expect(events('channel_unreachable')).toEqual([
      expect.objectContaining({ execution: made.execution, remedy: expect.stringContaining('archived') }),
    ]);
    expect(events('person_unreachable')).toEqual([expect.objectContaining({ person: 'U0NOBODY' })]);
  });

  it('tries again later if it reaches no approver, and tries at most twenty', async () => {
    const strangers = Array.from({ length: 22 }, (_, index) => `U0NOBODY${index}`);
    const { made, ts } = await posted({ effectiveApprovers: strangers });
    archived();
    const failed = { outcome: 'failed', text: 'Nobody there.' } as const;
    await expect(relay(made.execution, failed)).rejects.toThrow('is_archived');
    expect(events('person_unreachable')).toHaveLength(20);
    workspace.slack.stopFailing('chat.postMessage');
    await relay(made.execution, failed);
    expect(workspace.replies(ts)).toHaveLength(1);
  });

  it('tells the requester of an execution that asked nobody, and tries the channel again', async () => {
    archived();
    const failed = { outcome: 'failed', text: 'Never asked.' } as const;
    await expect(relay(`unasked-${(count += 1)}`, failed)).rejects.toThrow('is_archived');
    expect(events('person_unreachable')).toEqual([]);
    workspace.slack.stopFailing('chat.postMessage');
  });

  it('replies in the channel if only the thread is refused', async () => {
    const { made, ts } = await posted();
    workspace.slack.refuse('chat.postMessage', 'restricted_action_thread_locked', {
      channel: CHANNEL,
      times: 1,
    });
    await relay(made.execution, { outcome: 'failed', text: 'Locked thread.' });
    expect(workspace.replies(ts)).toEqual([]);
    expect(workspace.slack.messages().at(-1)?.text).toContain('Locked thread.');
  });

  it('tells people although the message cannot be updated, and fails afterwards', async () => {
    const { made, ts } = await posted();
    workspace.slack.refuse('chat.update', 'update_failed', { times: 1 });
    const failed = { outcome: 'failed', text: `Updated late ${made.execution}.` } as const;
    await expect(relay(made.execution, failed)).rejects.toThrow('update_failed');
    expect(workspace.replies(ts)).toHaveLength(1);
    expect(toldDirectly(failed.text)).toHaveLength(1);
    await relay(made.execution, failed);
    expect(workspace.replies(ts)).toHaveLength(1);
    expect((await tables.approvals.get(made))?.shownRevision).toBe(2);
  });
});

describe('relayResult with a clock an hour behind that of AWS', () => {
  it('takes `expired` once the deadline has passed for the queue', async () => {
    const { made, ts } = await posted();
    behindMs = HOUR;
    time = Date.parse(DEADLINE) - HOUR;
    await relay(made.execution, { outcome: 'expired' });
    expect((await tables.approvals.get(made))?.status).toBe('expired');
    expect(workspace.replies(ts)).toHaveLength(1);
  });

  it('settles the approval, although the request was made later by its own clock', async () => {
    const { made, ts } = await posted();
    await tables.approvals.approve(made, 'U0BEN', AT, newPress());
    behindMs = HOUR;
    time = Date.parse(made.askedAt) - HOUR + 60_000;
    await relay(made.execution, { outcome: 'done', text: 'Done late.' });
    expect((await tables.approvals.get(made))?.result).toMatchObject({ outcome: 'done' });
    expect(workspace.replies(ts)).toMatchObject([{ text: expect.stringContaining('Done late.') }]);
  });
});

describe('relayResult refuses', () => {
  it('a result by the approvals from before the end, not by those of a redrive', async () => {
    const execution = `redriven-${(count += 1)}`;
    const own = { execution, executionArn: arn(execution) };
    const { made } = await posted({ ...own, id: `approval-${execution}-1` });
    const again = { ...own, id: `approval-${execution}-2`, askedAt: '2026-11-02T10:30:00.001Z' };
    await posted({ ...again, deadline: '2026-11-02T10:45:00.000Z' });
    await relay(execution, { outcome: 'expired' }, '2026-11-02T10:30:00.000Z');
    expect((await tables.approvals.get(made))?.status).toBe('expired');
    await relay(execution, { outcome: 'expired' }, '2026-11-02T10:30:00.001Z');
    expect(logged.at(-1)).toMatchObject({ event: 'result_refused', reason: 'the deadline has not passed' });
  });

  it.each([
    [60_000, 'expired', []],
    [60_001, 'pending', ['the deadline has not passed']],
  ] as const)(
    '`expired` more than a minute before the deadline: %d ms before, it is %s',
    async (ms, status, reasons) => {
      const { made } = await posted();
      time = Date.parse(DEADLINE) - ms;
      await relay(made.execution, { outcome: 'expired' });
      expect((await tables.approvals.get(made))?.status).toBe(status);
      const refused = logged.filter((each) => 'reason' in each);
      expect(refused).toEqual(
        reasons.map((reason) => ({
          event: 'result_refused',
          execution: made.execution,
          outcome: 'expired',
          reason,
        })),
      );
    },
  );

  it('`expired` of an approved request before its deadline', async () => {
    const { made } = await posted();
    await tables.approvals.approve(made, 'U0BEN', AT, newPress());
    time = Date.parse(DEADLINE) - 120_000;
    await relay(made.execution, { outcome: 'expired' });
    expect((await tables.approvals.get(made))?.status).toBe('approved');
    time = Date.parse(DEADLINE);
    await relay(made.execution, { outcome: 'expired' });
    expect((await tables.approvals.get(made))?.status).toBe('expired');
  });

  it.each(['FAILED', 'ABORTED'])('`done` of an execution that %s', async (status) => {
    const { made } = await posted();
    await tables.approvals.approve(made, 'U0BEN', AT, newPress());
    described = { status };
    await relay(made.execution, { outcome: 'done' });
    expect(logged).toMatchObject([{ event: 'result_refused', reason: `the execution is ${status}` }]);
  });

  it('`done` that no decision approves', async () => {
    const { made } = await posted();
    await relay(made.execution, { outcome: 'done' });
    expect(logged).toMatchObject([{ reason: 'no decision on record approves it' }]);
  });

  it('no `done` of an execution that succeeded', async () => {
    const { made } = await posted();
    await tables.approvals.approve(made, 'U0BEN', AT, newPress());
    described = { status: 'SUCCEEDED' };
    await relay(made.execution, { outcome: 'done' });
    expect((await tables.approvals.get(made))?.result).toMatchObject({ outcome: 'done' });
  });
});
