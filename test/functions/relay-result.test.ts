// Tests the relay of results when messages arrive late, twice, in another order, or after a failure.
import { delivered } from '../support/queue-event.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Approvals } from '../../aws/approvals-table.ts';
import type { Described } from '../../aws/executions.ts';
import type { Completions } from '../../aws/completions-table.ts';
import type { Log } from '../../aws/log.ts';
import { postApproval } from '../../slack/messages/post-approval.ts';
import type { Approval, Decision } from '../../domain/approval.ts';
import { relayResult } from '../../functions/relay-result.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';
import { memoryCopies } from '../support/memory-copies.ts';
import { newPress } from '../support/action-request.ts';
import { policiesWith } from '../support/policies.ts';

const decision: Decision = { outcome: 'approved', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' };
/** Milliseconds by which the relay's clock is ahead. */
let ahead = 0;
const now = () => new Date(Date.now() + ahead);
const stateMachineArns = ['arn:aws:states:us-east-1:000000000000:stateMachine:trading'];
let tables: TestTables;
let workspace: SlackWorkspace;
let approvals: Approvals;
let completions: Completions;
/** What Step Functions says of every execution. */
let described: Partial<Described> = {};
const logEvents: string[] = [];
const copies = memoryCopies();

beforeAll(async () => {
  tables = await startTables();
  ({ approvals, completions } = tables);
  workspace = await openSlackWorkspace();
});

afterAll(async () => {
  tables.close();
  await workspace.slack.close();
});

const arn = (execution: string) => `arn:aws:states:us-east-1:000000000000:execution:trading:${execution}`;
const about = (execution: string) =>
  workspace.slack.messages().filter((message) => JSON.stringify(message).includes(execution));

function relaying(store: Completions = completions, log: Log = (event) => void logEvents.push(event)) {
  const slack = async () => workspace.client;
  const { progress, audit, people, starts } = tables;
  return relayResult({
    approvals,
    progress,
    audit,
    copies,
    identityOf: async () => undefined,
    people,
    starts,
    describe: async () => ({ status: 'RUNNING', input: {}, startedAt: now().toISOString(), ...described }),
    completions: store,
    slack,
    policies: policiesWith({ channel: CHANNEL, broadcast: ['done', 'failed'] }, stateMachineArns),
    now,
    log,
  });
}

/** A delivery of a message that the queue has just got. */
const arrivedNow = () => ({ ...delivered, firstSentAt: now().getTime() });

async function relay(execution: string, Input: object, store: Completions = completions): Promise<void> {
  await relaying(store)({ ExecutionId: arn(execution), Input }, arrivedNow());
}

/** A request of an execution of this name, stored and not posted. */
async function stored(execution: string): Promise<Approval> {
  const made = approval({ execution, executionArn: arn(execution) });
  await approvals.create(made, `token-${execution}`);
  return made;
}

async function posted(execution: string): Promise<{ readonly made: Approval; readonly ts: string }> {
  const made = await stored(execution);
  return { made, ts: await postApproval({ approvals, slack: workspace.client, now }, made) };
}

describe('relayResult', () => {
  it('posts the final message and the reply if the request was never posted', async () => {
    await stored('unposted');
    await relay('unposted', { approval: { outcome: 'expired' } });
    const [message] = about('unposted');
    expect(message?.text).toMatch(/^Expired: .*\nNobody decided in time/);
    expect(JSON.stringify(message?.blocks)).not.toContain('"approve"');
    expect(workspace.replies(message?.ts ?? '')).toHaveLength(1);
  });

  it('keeps a decision that the end overtook and says that it was too late', async () => {
    const { made, ts } = await posted('overtaken');
    await approvals.approve(made, decision.by, decision.at, newPress());
    await relay('overtaken', { approval: { outcome: 'expired' } });
    expect(workspace.shown(ts).text).toMatch(/^Expired: .*\nApproved by <@U0BEN> .*too late/);
    expect(await approvals.get(made)).toMatchObject({ status: 'expired', decision });
  });

  it('removes the buttons of every request of an execution that asked twice', async () => {
    const { ts: first } = await posted('parallel');
    const other = approval({ execution: 'parallel', executionArn: arn('parallel'), id: 'approval-2' });
    await approvals.create(other, 'token-2');
    const second = await postApproval({ approvals, slack: workspace.client, now }, other);
    await relay('parallel', { result: { outcome: 'cancelled' } });
    for (const ts of [first, second]) expect(workspace.shown(ts).text).toMatch(/^Cancelled: /);
  });

  it('records missing audit entries, each once', async () => {
    const made = approval({ execution: 'audited', executionArn: arn('audited'), id: 'approval-audited' });
    await approvals.create(made, 'token-audited');
    await approvals.approve(made, decision.by, decision.at, newPress());
    const steps = async () =>
      (await Array.fromAsync(tables.audit.ofMonth('2026-11'))).filter(
        (entry) => 'approval' in entry && entry.executionArn === made.executionArn,
      );
    expect(await steps()).toEqual([]);
    await relay('audited', { result: { outcome: 'done', text: 'Bought.' } });
    await relay('audited', { result: { outcome: 'done', text: 'Bought.' } });
    expect(await steps()).toMatchObject([
      { action: 'requested', by: 'U0ANA', at: made.askedAt },
      { action: 'approved', by: 'U0BEN', decided: 'approved' },
      { action: 'ended', result: { outcome: 'done', text: 'Bought.' } },
    ]);
  });

  it('stores times in one format, whatever offset the message has', async () => {
    const { made } = await posted('offset');
    const body = { ExecutionId: arn('offset'), EndedAt: '2026-11-02T12:07:00+02:00' };
    await relaying()({ ...body, Input: { result: { outcome: 'failed' } } }, arrivedNow());
    expect((await approvals.get(made))?.result?.at).toBe('2026-11-02T10:07:00.000Z');
  });

  it('sends the requester one direct message for two deliveries', async () => {
    const { made } = await posted('direct');
    await approvals.approve(made, decision.by, decision.at, newPress());
    const told = () =>
      workspace.slack.directMessages('U0ANA').filter(({ text }) => text.includes('Direct fill'));
    await relay('direct', { result: { outcome: 'done', text: 'Direct fill.' } });
    await relay('direct', { result: { outcome: 'done', text: 'Direct fill.' } });
    expect(told()).toHaveLength(1);
  });

  it.each([
    [{ label: 'Deployed', emoji: ':rocket:' }, ':rocket: *Deployed.* It runs.'],
    [{ label: '', emoji: 'rocket' }, ':white_check_mark: *Done.* It runs.'],
    [{ label: 7, emoji: ':a: <!channel> :b:' }, ':white_check_mark: *Done.* It runs.'],
  ])('uses the label and emoji of the workflow, or Done: %o', async (called, told) => {
    const name = `called-${String(called.label)}`;
    const { made, ts } = await posted(name);
    await approvals.approve(made, decision.by, decision.at, newPress());
    await relay(name, { result: { outcome: 'done', text: 'It runs.', ...called } });
    expect(workspace.replies(ts)).toMatchObject([{ text: told }]);
  });

  it('trusts the recorded decision, not a result in the input of the execution', async () => {
    const { ts } = await posted('forged');
    await relay('forged', { approval: { outcome: 'declined' }, result: { outcome: 'done', text: 'Ha.' } });
    expect(workspace.replies(ts)).toMatchObject([
      { text: expect.stringContaining('*Declined: Buy 10 AMZN') },
    ]);
  });

  it.each(['FAILED', 'TIMED_OUT', 'ABORTED'])('refuses `done` from an execution that %s', async (status) => {
    const { made, ts } = await posted(`over-${status}`);
    await approvals.approve(made, decision.by, decision.at, newPress());
    described = { status };
    await relay(made.execution, { result: { outcome: 'done', text: 'Ha.' } });
    described = {};
    expect(workspace.replies(ts)).toEqual([]);
    expect(logEvents).toContain('result_refused');
    expect((await approvals.get(made))?.result).toBeUndefined();
  });

  it('refuses `done` if no decision on record approves it, and leaves the request pending', async () => {
    const { made, ts } = await posted('not-decided');
    await relay('not-decided', { result: { outcome: 'done', text: 'Ha.' } });
    expect(workspace.replies(ts)).toEqual([]);
    expect((await approvals.get(made))?.status).toBe('pending');
    await approvals.decline(made, decision, newPress());
    await relay('not-decided', { result: { outcome: 'done', text: 'Ha.' } });
    expect((await approvals.get(made))?.result).toBeUndefined();
  });

  const over = {
    approved: ['done', 'partly', 'unfilled'],
    anything: ['failed', 'cancelled', 'halted'],
  } as const;
  it.each([
    ...over.approved.map((outcome) => [outcome, ['approved', 'unasked']] as const),
    ...over.anything.map((outcome) => [outcome, ['pending', 'approved', 'declined', 'unasked']] as const),
    ['refused', ['unasked']] as const,
  ])('accepts `%s` after what it may follow, and after nothing else', async (outcome, may) => {
    for (const before of ['pending', 'approved', 'declined', 'unasked']) {
      const name = `${outcome}-after-${before}`;
      const refusals = () => logEvents.filter((event) => event === 'result_refused').length;
      const refusedBefore = refusals();
      const made = before === 'unasked' ? undefined : (await posted(name)).made;
      if (made && before === 'approved') await approvals.approve(made, decision.by, decision.at, newPress());
      if (made && before === 'declined') await approvals.decline(made, decision, newPress());
      await relay(name, { result: { outcome, text: 'Over.' } });
      const isAccepted = may.some((each) => each === before);
      expect([before, refusals() - refusedBefore]).toEqual([before, isAccepted ? 0 : 1]);
      const after = made && (await approvals.get(made));
      expect(after?.result?.outcome).toBe(made && isAccepted ? outcome : undefined);
    }
  });

  it.each(['partly', 'unfilled', 'halted', 'failed'])(
    'keeps the status of the decision after `%s`',
    async (outcome) => {
      const { made } = await posted(`status-${outcome}`);
      await approvals.approve(made, decision.by, decision.at, newPress());
      await relay(made.execution, { result: { outcome, text: 'Over.' } });
      expect(await approvals.get(made)).toMatchObject({ status: 'approved', result: { outcome } });
    },
  );

  describe('a resubmission that a workflow offers', () => {
    const offered = {
      label: 'Resubmit, limit 186.10',
      input: { symbol: 'AMZN', quantity: 10, side: 'buy', limitPrice: '187.99' },
    };
    let count = 0;

    async function settledWith(result: object) {
      const { made, ts } = await posted(`offer-${(count += 1)}`);
      await approvals.approve(made, decision.by, decision.at, newPress());
      await relay(made.execution, { result: { text: 'The price moved.', ...result } });
      const shown = JSON.stringify(workspace.shown(ts).blocks);
      return { result: (await approvals.get(made))?.result, shown };
    }

    it('is stored, and its button has its label', async () => {
      const { result, shown } = await settledWith({ outcome: 'unfilled', resubmit: offered });
      expect(result).toMatchObject({ outcome: 'unfilled', text: 'The price moved.', resubmit: offered });
      expect(shown).toContain('"Resubmit, limit 186.10"');
    });

    it.each(['done', 'partly', 'failed'])('is dropped from a result that is `%s`', async (outcome) => {
      const { result, shown } = await settledWith({ outcome, resubmit: offered });
      expect(result).toMatchObject({ outcome, text: 'The price moved.' });
      expect(result).not.toHaveProperty('resubmit');
      expect(shown).not.toContain('Resubmit');
    });

    /** The result is shown without its button. */
    it.each([
      ['has no label', { input: offered.input }],
      ['has an empty label', { ...offered, label: '  ' }],
      ['has a label longer than a button', { ...offered, label: 'L'.repeat(76) }],
      ['has no input', { label: offered.label }],
      ['has a text as input', { ...offered, input: 'AMZN' }],
      ['has an input of 4,097 bytes', { ...offered, input: { note: 'n'.repeat(4_097 - 11) } }],
    ])('is dropped if it %s', async (_, resubmit) => {
      const { result, shown } = await settledWith({ outcome: 'unfilled', resubmit });
      expect(result).toMatchObject({ outcome: 'unfilled', text: 'The price moved.' });
      expect(result).not.toHaveProperty('resubmit');
      expect(shown).not.toContain('Resubmit');
    });

    it('may have a label of 75 characters and an input of 4,096 bytes', async () => {
      const resubmit = { label: 'L'.repeat(75), input: { note: 'n'.repeat(4_096 - 11) } };
      expect((await settledWith({ outcome: 'unfilled', resubmit })).result).toMatchObject({ resubmit });
    });
  });

  it.each(['partly', 'unfilled'])('refuses `%s` from an execution that failed', async (outcome) => {
    const { made } = await posted(`failed-${outcome}`);
    await approvals.approve(made, decision.by, decision.at, newPress());
    described = { status: 'FAILED' };
    await relay(made.execution, { result: { outcome, text: 'Over.' } });
    described = {};
    expect((await approvals.get(made))?.result).toBeUndefined();
  });

  describe('a refused request', () => {
    const refused = { result: { outcome: 'refused', text: 'It cannot be sold short.' } };
    const told = (person: string, name: string) =>
      workspace.slack.directMessages(person).filter(({ text }) => text.includes(name));
    const startedFor = (name: string, requester: string) =>
      tables.starts.record(arn(name), { requester, requesters: [requester], at: now().toISOString() }, {});

    it('is told to its requester alone, once', async () => {
      await startedFor('turned-away-1', 'U0ANA');
      for (let delivery = 0; delivery < 2; delivery += 1) await relay('turned-away-1', refused);
      expect(told('U0ANA', 'turned-away-1')).toMatchObject([
        {
          text: ':no_entry_sign: *Refused.* It cannot be sold short. Nobody was asked, and nothing was done. Execution `turned-away-1`.',
        },
      ]);
      expect(about('turned-away-1')).toEqual([]);
    });

    it('is told to the channel if nobody is known', async () => {
      await relay('turned-away-2', refused);
      expect(about('turned-away-2')).toHaveLength(1);
    });

    it('is told to the channel if the requester wants no direct messages', async () => {
      await startedFor('turned-away-3', 'U0CHLOE');
      await tables.people.setPreferences('U0CHLOE', { directMessages: false });
      await relay('turned-away-3', refused);
      await tables.people.setPreferences('U0CHLOE', { directMessages: true });
      expect([about('turned-away-3').length, told('U0CHLOE', 'turned-away-3').length]).toEqual([1, 0]);
    });

    it('is told to the channel, once, if the requester cannot be reached', async () => {
      await startedFor('turned-away-4', 'U0NOBODY');
      for (let delivery = 0; delivery < 2; delivery += 1) await relay('turned-away-4', refused);
      expect(about('turned-away-4')).toHaveLength(1);
    });

    it('is told to the channel by a later delivery if the first could reach neither', async () => {
      await startedFor('turned-away-5', 'U0NOBODY');
      // The first refusal is that of the direct message.
      workspace.slack.refuse('chat.postMessage', 'invalid_auth', { times: 2 });
      await expect(relay('turned-away-5', refused)).rejects.toThrow('invalid_auth');
      workspace.slack.stopFailing('chat.postMessage');
      await relay('turned-away-5', refused);
      expect(about('turned-away-5')).toHaveLength(1);
    });

    it('has no message in the channel if its approval was stored and not posted', async () => {
      const made = await stored('turned-away-6');
      await relay('turned-away-6', refused);
      expect(about('turned-away-6')).toEqual([]);
      expect(told('U0ANA', 'turned-away-6')).toHaveLength(1);
      expect(await approvals.get(made)).toMatchObject({
        status: 'cancelled',
        result: { outcome: 'refused' },
      });
    });
  });

  it('relays `done` of an execution that requested nothing, to the person for whom the bot started it', async () => {
    const start = { requester: 'U0ANA', requesters: ['U0ANA'], at: now().toISOString() };
    await tables.starts.record(arn('unasked'), start, {});
    await relay('unasked', { requestedBy: 'U0BEN', result: { outcome: 'done', text: 'Nothing to ask.' } });
    const told = (person: string) =>
      workspace.slack.directMessages(person).filter(({ text }) => text.includes('Nothing to ask.'));
    expect(told('U0ANA')).toHaveLength(1);
    expect(told('U0BEN')).toEqual([]);
  });

  it('finds its earlier reply if it could not be recorded', async () => {
    const { ts } = await posted('again');
    const broken: Completions = {
      ...completions,
      recordNotified: async () => {
        throw new Error('The table is away');
      },
    };
    await expect(relay('again', { result: { outcome: 'cancelled' } }, broken)).rejects.toThrow(
      'The table is away',
    );
    // Whoever was telling is dead after a minute.
    ahead += 61_000;
    await relay('again', { result: { outcome: 'cancelled' } });
    await relay('again', { result: { outcome: 'cancelled' } });
    expect(workspace.replies(ts)).toHaveLength(1);
  });

  it('retries the search for its earlier reply if Slack fails', async () => {
    const { ts } = await posted('limited');
    const broken: Completions = {
      ...completions,
      recordNotified: async () => {
        throw new Error('The table is away');
      },
    };
    await expect(relay('limited', { result: { outcome: 'cancelled' } }, broken)).rejects.toThrow(
      'The table is away',
    );
    ahead += 61_000;
    workspace.slack.refuse('conversations.replies', 'missing_scope', { times: 1 });
    await expect(relay('limited', { result: { outcome: 'cancelled' } })).rejects.toThrow('missing_scope');
    ahead += 61_000;
    await relay('limited', { result: { outcome: 'cancelled' } });
    expect(workspace.replies(ts)).toHaveLength(1);
  });

  it('posts in the channel if the message was deleted', async () => {
    const made = await stored('deleted');
    await approvals.approve(made, decision.by, decision.at, newPress());
    await approvals.recordPosted(made, '1700000000.000100', 1);
    await relay('deleted', { result: { outcome: 'done', text: 'Bought 10 AMZN.' } });
    expect(about('Execution `deleted`')).toMatchObject([{ text: expect.stringContaining('Bought 10 AMZN') }]);
  });

  it('retries later if another worker is posting the message', async () => {
    const made = await stored('posting');
    await approvals.leasePost(made, now());
    await expect(relay('posting', { approval: { outcome: 'expired' } })).rejects.toMatchObject({
      name: 'PostInProgress',
    });
    expect(about('posting')).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['no result', { ExecutionId: arn('x'), Input: {} }],
    ['an unknown outcome', { ExecutionId: arn('x'), Input: { result: { outcome: 'exploded' } } }],
  ])('returns a message with %s to the queue and posts nothing', async (_, message) => {
    const before = workspace.slack.messages().length;
    await expect(relaying()(message, arrivedNow())).rejects.toMatchObject({ name: 'InvalidInput' });
    expect(workspace.slack.messages()).toHaveLength(before);
  });

  it.each<[string, unknown]>([
    ['no JSON object', 'hello'],
    ['no execution', { Input: { result: { outcome: 'done' } } }],
    [
      'an execution of another state machine',
      { ExecutionId: arn('x').replace('trading', 'other'), Input: { result: { outcome: 'done' } } },
    ],
  ])('logs a foreign message with %s and posts nothing', async (_, message) => {
    const before = workspace.slack.messages().length;
    const logged: string[] = [];
    await relaying(completions, (event) => void logged.push(event))(message, arrivedNow());
    expect(logged).toEqual(['result_from_unknown_state_machine']);
    expect(workspace.slack.messages()).toHaveLength(before);
  });
});
