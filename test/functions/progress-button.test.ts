// Tests the button on progress: the reply shows it until later progress or a result removes it, even if a worker dies
// between two steps, Slack refuses the edit or somebody deleted the reply.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import { SlotNotReady } from '../../functions/acquire-slot.ts';
import type { Acquire } from '../../functions/queue-handler.ts';
import { relayResult } from '../../functions/relay-result.ts';
import { readProgress } from '../../functions/result-message.ts';
import { postApproval } from '../../slack/messages/post-approval.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { memoryCopies } from '../support/memory-copies.ts';
import { policiesWith } from '../support/policies.ts';
import { CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';

const at = (seconds: number) => new Date(Date.parse('2026-11-02T10:10:00.000Z') + seconds * 1_000);
const button = { label: 'Cancel order', action: 'trade-cancel-order', confirm: 'Cancel the rest?' };
const working = (text: string) => ({ progress: { text, button } });
const cancelled = { result: { outcome: 'cancelled', text: 'Stopped.' } };
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

async function posted(differences: Partial<Approval> = {}): Promise<Approval> {
  const execution = `button-${(count += 1)}`;
  const executionArn = `arn:aws:states:us-east-1:000000000000:execution:trading:${execution}`;
  const made = approval({ execution, executionArn, id: `approval-button-${count}`, ...differences });
  await tables.approvals.create(made, `token-${execution}`);
  await postApproval({ approvals: tables.approvals, slack: workspace.client, now: () => now }, made);
  return get(made);
}

const get = async (made: Approval) => (await tables.approvals.get(made)) ?? made;
const replies = ({ ts = '' }: Approval) => workspace.replies(ts);
/** The replies of a thread that have a button, as their texts. */
const live = (made: Approval) => replies(made).flatMap(({ blocks, text }) => (blocks ? [text] : []));

/** @param sent when the queue got the message, in seconds */
async function publish({ executionArn }: Approval, Input: object, sent = 0): Promise<void> {
  const handle = relayResult({
    ...tables,
    copies: memoryCopies(),
    identityOf: async () => undefined,
    describe: async () => ({ status: 'RUNNING', input: {} }),
    slack: async () => workspace.client,
    policies: policiesWith({ channel: CHANNEL }),
    now: () => now,
    log: (event, fields) => void logged.push({ event, ...fields }),
  });
  const body = JSON.parse(JSON.stringify({ ExecutionId: executionArn, Input }));
  await handle(body, { firstSentAt: at(sent).getTime(), acquire });
}

/** Runs the workers with a call of the table that fails once they have done the work before it. */
async function without(
  failing: 'recordProgressShown' | 'recordButtonRemoved',
  work: () => Promise<void>,
): Promise<void> {
  const { progress } = tables;
  const dies = async () => Promise.reject(new Error('The table is away'));
  tables = { ...tables, progress: { ...progress, [failing]: dies } };
  await expect(work()).rejects.toThrow('The table is away');
  tables = { ...tables, progress };
}

describe('a button on progress', () => {
  it('is shown below the text, with the key of the approval and the dialog', async () => {
    const made = await posted();
    await publish(made, working('Order placed.'));
    const [reply] = replies(made);
    expect(reply?.text).toMatch(/^:arrows_counterclockwise: Order placed\. /);
    expect(reply?.blocks).toMatchObject([
      { type: 'section', text: { type: 'mrkdwn', text: reply?.text } },
      {
        type: 'actions',
        elements: [
          {
            action_id: 'trade-cancel-order',
            text: { text: 'Cancel order' },
            value: JSON.stringify({ execution: made.execution, id: made.id }),
            confirm: { title: { text: 'Cancel order' }, text: { text: 'Cancel the rest?' } },
          },
        ],
      },
    ]);
  });

  it('stays with later progress that has it, and goes with later progress that does not', async () => {
    const made = await posted();
    await publish(made, { progress: { text: 'Order placed.' } });
    expect(live(made)).toEqual([]);
    await publish(made, working('1 of 10.'), 10);
    await publish(made, working('2 of 10.'), 20);
    expect(live(made)).toEqual([expect.stringContaining('2 of 10.')]);
    await publish(made, { progress: { text: 'Settling.' } }, 30);
    expect(live(made)).toEqual([]);
    expect(replies(made)).toEqual([expect.objectContaining({ text: expect.stringContaining('Settling.') })]);
    acquired = [];
    await publish(made, cancelled, 40);
    expect(acquired).toEqual(['message-updates', `thread-replies-${CHANNEL}`]);
    expect(replies(made)).toHaveLength(2);
  });

  it('is removed by the result, once, and the text stays', async () => {
    const made = await posted();
    await publish(made, working('4 of 10.'));
    const [before] = replies(made);
    acquired = [];
    await publish(made, cancelled, 10);
    expect(live(made)).toEqual([]);
    expect(replies(made)[0]).toMatchObject({ text: before?.text });
    expect(replies(made)).toHaveLength(2);
    expect(acquired).toEqual(['message-updates', 'message-updates', `thread-replies-${CHANNEL}`]);
    expect((await get(made)).progress).not.toHaveProperty('mayHaveButton');
    workspace.slack.refuse('chat.update', 'internal_error', { times: 1 });
    await publish(made, cancelled, 10);
    // Nothing was called, so the refusal is still there for the next call.
    await expect(
      workspace.client.chat.update({ channel: CHANNEL, ts: made.ts ?? '', text: 'x' }),
    ).rejects.toThrow('internal_error');
  });

  it('is removed by an update of the progress that was stored and never shown', async () => {
    const made = await posted();
    await publish(made, working('4 of 10.'));
    const later = { text: 'Settling.', emoji: ':rocket:', at: at(10).toISOString() };
    await tables.progress.recordProgress(made, later);
    await publish(made, cancelled, 20);
    expect(live(made)).toEqual([]);
    expect(replies(made)[0]?.text).toContain('Settling.');
  });

  it('is removed if the worker stopped between the post and the write', async () => {
    const made = await posted();
    await without('recordProgressShown', () => publish(made, working('4 of 10.')));
    await expect(publish(made, cancelled)).rejects.toMatchObject({ name: 'ProgressInProgress' });
    expect(live(made)).toHaveLength(1);
    now = at(31);
    await publish(made, cancelled);
    expect(live(made)).toEqual([]);
    expect(replies(made)).toHaveLength(2);
  });

  it('is removed if the worker stopped between a later edit without it and the write', async () => {
    const made = await posted();
    await publish(made, working('4 of 10.'));
    await without('recordProgressShown', () => publish(made, { progress: { text: 'Settling.' } }, 10));
    now = at(41);
    await publish(made, cancelled, 41);
    expect(live(made)).toEqual([]);
    expect((await get(made)).progress).not.toHaveProperty('mayHaveButton');
  });

  it('keeps its mark if newer progress with a button is stored while older progress without one is shown', async () => {
    const made = await posted();
    await publish(made, working('4 of 10.'));
    const shown = { ...(await get(made)).progress, at: at(10).toISOString(), button: undefined };
    await tables.progress.recordProgress(made, {
      text: 'New.',
      emoji: ':rocket:',
      at: at(20).toISOString(),
      button,
    });
    await tables.progress.recordProgressShown(made, shown.ts ?? '', shown);
    expect((await get(made)).progress).toMatchObject({ mayHaveButton: true, button });
  });

  it('is edited again if the worker stopped between the removal and the write, and people are told once', async () => {
    const made = await posted();
    await publish(made, working('4 of 10.'));
    await without('recordButtonRemoved', () => publish(made, cancelled, 10));
    expect(replies(made)).toHaveLength(2);
    await publish(made, cancelled, 10);
    expect(live(made)).toEqual([]);
    expect(replies(made)).toHaveLength(2);
    expect((await get(made)).progress).not.toHaveProperty('mayHaveButton');
  });

  it('does not keep the result from people if Slack refuses the edit, and is removed by the retry', async () => {
    const made = await posted();
    await publish(made, working('4 of 10.'));
    await publish(made, cancelled, 10).catch(() => {});
    const other = await posted();
    await publish(other, working('5 of 10.'));
    // The message of the request is updated first.
    workspace.slack.refuse('chat.update', 'ratelimited', { times: 2 });
    await expect(publish(other, cancelled, 10)).rejects.toMatchObject({ limit: { name: 'message-updates' } });
    expect(live(other)).toHaveLength(1);
    expect(replies(other)).toHaveLength(2);
    await publish(other, cancelled, 10);
    expect(live(other)).toEqual([]);
    expect(replies(other)).toHaveLength(2);
  });

  it('waits for its slot, and the message is retried', async () => {
    const made = await posted();
    await publish(made, working('4 of 10.'));
    let slots = 1;
    acquire = async ({ name }) => {
      if (name === 'message-updates' && (slots -= 1) < 0) throw new SlotNotReady(name, 1, now);
    };
    await expect(publish(made, cancelled, 10)).rejects.toMatchObject({ name: 'SlotNotReady' });
    expect(live(made)).toHaveLength(1);
    acquire = async () => {};
    await publish(made, cancelled, 10);
    expect(live(made)).toEqual([]);
  });

  it.each(['message_not_found', 'channel_not_found', 'is_archived', 'edit_window_closed'])(
    'counts as removed if Slack answers %s',
    async (code) => {
      const made = await posted();
      await publish(made, working('4 of 10.'));
      workspace.slack.refuse('chat.update', code, { times: 2 });
      await publish(made, cancelled, 10);
      expect(logged).toContainEqual(
        expect.objectContaining({ event: 'progress_not_shown', approval: made.id }),
      );
      expect((await get(made)).progress).not.toHaveProperty('mayHaveButton');
    },
  );

  it('is not searched for if no reply was posted', async () => {
    const made = await posted();
    workspace.slack.refuse('chat.postMessage', 'ratelimited', { times: 1 });
    await expect(publish(made, working('Order placed.'))).rejects.toThrow('rate-limit');
    workspace.slack.refuse('conversations.replies', 'internal_error', { times: 1 });
    await publish(made, cancelled, 10);
    expect(live(made)).toEqual([]);
    await workspace.client.conversations.replies({ channel: CHANNEL, ts: made.ts ?? '' }).catch(() => {});
  });

  it('of an earlier approval of the execution is removed, too', async () => {
    const first = await posted();
    const by = { by: 'U0BEN', at: at(0).toISOString() };
    await publish(first, working('4 of 10.'));
    await tables.approvals.decline(first, by, { trigger: 'one' });
    const { execution, executionArn } = first;
    const askedAt = at(5).toISOString();
    await posted({ execution, executionArn, askedAt });
    await publish(first, cancelled, 10);
    expect(live(first)).toEqual([]);
  });
});

describe('readProgress', () => {
  const read = (own: unknown) => readProgress({ Input: { progress: { text: 'x', button: own } } }, at(0));
  const long = { label: 'x'.repeat(75), action: 'x'.repeat(100), confirm: 'x'.repeat(300) };

  it.each([{ label: 'Stop', action: 'deploy-stop' }, long])('accepts %j', (own) => {
    expect(read(own)).toMatchObject({ button: own });
  });

  it('ignores fields that it does not know, and has no button without one', () => {
    expect(read({ ...button, style: 'danger', value: 'mine' })).toMatchObject({ button });
    expect(read(undefined)).not.toHaveProperty('button');
  });

  it.each<[string, unknown, string]>([
    ['no label', { action: 'stop' }, 'label is missing'],
    ['a blank label', { ...button, label: ' \u200E ' }, 'label must not be empty'],
    ['a long label', { ...button, label: 'x'.repeat(76) }, 'label must be at most 75 characters'],
    ['no action', { label: 'Stop' }, 'action is missing'],
    ['an empty action', { ...button, action: '' }, 'action must be at most 100 characters of a-z, 0-9 and -'],
    ['a long action', { ...button, action: 'x'.repeat(101) }, 'action must be at most 100'],
    ['an action in capitals', { ...button, action: 'Stop' }, 'action must be at most 100'],
    ['an action of the bot', { ...button, action: 'decline' }, 'action must not be an action of the bot'],
    ['a blank question', { ...button, confirm: ' ' }, 'confirm must not be empty'],
    ['a long question', { ...button, confirm: 'x'.repeat(301) }, 'confirm must be at most 300 characters'],
    ['a text as button', 'Stop', 'button must be Object'],
  ])('refuses %s', (_, own, complaint) => {
    expect(read(own)).toEqual({ invalid: expect.stringContaining(complaint) });
  });
});
