// Tests progress that workflows publish: one reply, which later progress replaces, whatever is delivered twice, late or
// while Slack is away.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import type { Acquire } from '../../functions/queue-handler.ts';
import { relayResult } from '../../functions/relay-result.ts';
import { postApproval } from '../../slack/messages/post-approval.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { memoryCopies } from '../support/memory-copies.ts';
import { CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';
import { policiesWith } from '../support/policies.ts';

const stateMachineArns = ['arn:aws:states:us-east-1:000000000000:stateMachine:trading'];
const at = (seconds: number) => new Date(Date.parse('2026-11-02T10:10:00.000Z') + seconds * 1_000);
let tables: TestTables;
let workspace: SlackWorkspace;
let logged: Record<string, unknown>[] = [];
let acquired: string[] = [];
let acquire: Acquire;
let now = at(0);
let count = 0;

beforeAll(async () => {
  tables = await startTables();
  workspace = await openSlackWorkspace();
});
beforeEach(() => {
  [logged, acquired, now] = [[], [], at(0)];
  acquire = async ({ name }) => void acquired.push(name);
});
afterAll(async () => {
  tables.close();
  await workspace.slack.close();
});

async function posted(): Promise<Approval> {
  const execution = `progress-${(count += 1)}`;
  const executionArn = `arn:aws:states:us-east-1:000000000000:execution:trading:${execution}`;
  const made = approval({ execution, executionArn, id: `approval-progress-${count}` });
  await tables.approvals.create(made, `token-${execution}`);
  await postApproval({ approvals: tables.approvals, slack: workspace.client, now: () => now }, made);
  return get(made);
}

const get = async (made: Approval) => (await tables.approvals.get(made)) ?? made;
const replies = ({ ts = '' }: Approval) => workspace.replies(ts).map(({ text }) => text);
const shown = (text: string, minute = 10) =>
  expect.stringMatching(new RegExp(`^:arrows_counterclockwise: ${text} \\(.*10:${minute} UTC>\\)$`));

/** @param sent when the queue got the message, in seconds */
async function publish({ executionArn }: Approval, Input: object, sent = 0, At?: string): Promise<void> {
  const { approvals, progress: reports, audit, people, starts, completions } = tables;
  const handle = relayResult({
    approvals,
    progress: reports,
    audit,
    people,
    starts,
    completions,
    copies: memoryCopies(),
    identityOf: async () => undefined,
    describe: async () => ({ status: 'RUNNING', input: {} }),
    slack: async () => workspace.client,
    policies: policiesWith({ channel: CHANNEL }),
    now: () => now,
    log: (event, fields) => void logged.push({ event, ...fields }),
  });
  const body = JSON.parse(JSON.stringify({ ExecutionId: executionArn, Input, At }));
  await handle(body, { firstSentAt: at(sent).getTime(), acquire });
}

const progress = (text: string) => ({ progress: { text } });

describe('progress', () => {
  it('is one reply in the thread, which later progress replaces', async () => {
    const made = await posted();
    await publish(made, progress('Order placed.'));
    await publish(made, { progress: { text: '4 of 10 <filled>', emoji: ':rocket:' } }, 60);
    expect(replies(made)).toEqual([
      expect.stringMatching(/^:rocket: 4 of 10 &lt;filled&gt; \(.*10:11 UTC>\)$/),
    ]);
    expect(acquired).toEqual([`thread-replies-${CHANNEL}`, 'message-updates']);
    expect(await get(made)).toMatchObject({ progress: { shownAt: at(60).toISOString() } });
    expect(await get(made)).not.toHaveProperty('progressLeasedAt');
  });

  it('is never replaced by older progress, whichever time the message names', async () => {
    const made = await posted();
    await publish(made, progress('New.'), 60);
    await publish(made, progress('Old.'), 0);
    await publish(made, progress('Older.'), 120, at(-60).toISOString());
    await publish(made, progress('Same time.'), 60);
    expect(replies(made)).toEqual([shown('New.', 11)]);
  });

  it('has the time of its arrival if it names a later one, so that it cannot block what follows', async () => {
    const made = await posted();
    await publish(made, progress('From the future.'), 0, '2999-01-01T00:00:00Z');
    await publish(made, progress('Next.'), 60);
    expect(replies(made)).toEqual([shown('Next.', 11)]);
  });

  it('is posted once by two deliveries, at the same time or one after the other', async () => {
    const made = await posted();
    const both = await Promise.allSettled([
      publish(made, progress('Once.')),
      publish(made, progress('Once.')),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    await publish(made, progress('Once.'));
    expect(replies(made)).toEqual([shown('Once.')]);
  });

  it('shows only the newest of a burst, because all are stored before they wait for slots', async () => {
    const made = await posted();
    const waits = acquire;
    acquire = async () => {
      throw Object.assign(new Error('The slot is later'), { name: 'SlotNotReady' });
    };
    for (const second of [1, 3, 2])
      await publish(made, progress(`Report ${second}.`), second).catch(() => {});
    acquire = waits;
    for (const second of [1, 3, 2]) await publish(made, progress(`Report ${second}.`), second);
    expect(replies(made)).toEqual([shown('Report 3.')]);
    expect(acquired).toHaveLength(1);
  });

  it('is not shown after the result', async () => {
    const made = await posted();
    await publish(made, { result: { outcome: 'cancelled', text: 'Stopped.' } });
    await publish(made, progress('Late.'), 60);
    expect(replies(made)).toEqual([expect.stringContaining('*Cancelled: Buy 10 AMZN')]);
  });

  it('is shown before a result that arrives meanwhile, so that the result is the last reply', async () => {
    const made = await posted();
    await tables.progress.recordProgress(made, {
      text: 'Shown.',
      emoji: ':rocket:',
      at: at(0).toISOString(),
    });
    await tables.progress.leaseProgress(made, now);
    const result = { result: { outcome: 'cancelled', text: 'Stopped.' } };
    await expect(publish(made, result)).rejects.toMatchObject({ name: 'ProgressInProgress' });
    expect(replies(made)).toEqual([]);
    // The worker has died.
    now = at(30);
    await publish(made, result);
    expect(replies(made)).toHaveLength(1);
  });

  it('is searched for if a worker stopped between the reply and the write', async () => {
    const made = await posted();
    const { progress: reports } = tables;
    const recordProgressShown = async () => Promise.reject(new Error('The table is away'));
    tables = { ...tables, progress: { ...reports, recordProgressShown } };
    await expect(publish(made, progress('Once.'))).rejects.toThrow('The table is away');
    tables = { ...tables, progress: reports };
    await expect(publish(made, progress('Once.'))).rejects.toMatchObject({ name: 'ProgressInProgress' });
    now = at(31);
    await publish(made, progress('Twice.'), 31);
    expect(replies(made)).toEqual([shown('Twice.')]);
  });

  it('is shown by a retry after Slack was away', async () => {
    const made = await posted();
    workspace.slack.refuse('chat.postMessage', 'internal_error', { times: 1 });
    await expect(publish(made, progress('Now.'))).rejects.toThrow('internal_error');
    now = at(31);
    await publish(made, progress('Now.'));
    workspace.slack.refuse('chat.update', 'ratelimited', { times: 1 });
    await expect(publish(made, progress('Later.'), 60)).rejects.toMatchObject({
      limit: { name: 'message-updates' },
    });
    await publish(made, progress('Later.'), 60);
    expect(replies(made)).toEqual([shown('Later.', 11)]);
  });

  it('is not posted again after somebody deleted it', async () => {
    const made = await posted();
    await publish(made, progress('Deleted.'));
    workspace.slack.refuse('chat.update', 'message_not_found', { times: 1 });
    await publish(made, progress('Not shown.'), 60);
    expect(replies(made)).toEqual([shown('Deleted.')]);
    expect(logged).toMatchObject([{ event: 'progress_not_shown' }]);
  });

  it.each<[string, object, string | undefined]>([
    ['without a text', { progress: {} }, undefined],
    ['with a blank text', { progress: { text: ' ' } }, undefined],
    ['with a long text', { progress: { text: 'x'.repeat(501) } }, undefined],
    [
      'with an invalid button',
      { progress: { text: 'Now.', button: { label: 'Stop', action: 'approve' } } },
      undefined,
    ],
    ['with a time that does not exist', progress('Now.'), '2026-11-02T10:00:00+99:99'],
  ])('%s is logged and not retried', async (_, Input, At) => {
    const made = await posted();
    await publish(made, Input, 0, At);
    expect(logged).toMatchObject([{ event: 'progress_invalid', execution: made.execution }]);
    expect(replies(made)).toEqual([]);
  });

  it('of an execution that asked nobody is logged and ignored', async () => {
    const executionArn = `${stateMachineArns[0]?.replace('stateMachine', 'execution')}:nobody`;
    await publish(approval({ executionArn }), progress('Nobody asked.'));
    expect(logged).toEqual([{ event: 'progress_ignored', execution: 'nobody', approval: undefined }]);
  });
});
