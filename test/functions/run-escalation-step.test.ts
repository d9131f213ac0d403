// Tests the reminder and the escalation of a request: when they are posted, and that each is posted once.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import { runEscalationStep } from '../../functions/run-escalation-step.ts';
import { postApproval } from '../../slack/messages/post-approval.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { peopleRules } from '../support/people-rules.ts';
import { CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';

const REMINDER = '2026-11-02T10:07:31.000Z';
const ESCALATION = '2026-11-02T10:11:16.000Z';
let tables: TestTables;
let workspace: SlackWorkspace;
let acquired: string[];
let logged: object[];
/** Runs before the approvers are resolved. */
let meanwhile: () => Promise<unknown>;
let count = 0;

beforeAll(async () => {
  tables = await startTables();
  workspace = await openSlackWorkspace();
});

beforeEach(() => {
  [acquired, logged] = [[], []];
  meanwhile = async () => undefined;
});

afterAll(async () => {
  tables.close();
  await workspace.slack.close();
});

const get = async (made: Approval) => (await tables.approvals.get(made)) ?? made;
const later = (time: string, ms: number) => new Date(Date.parse(time) + ms).toISOString();

async function stored(): Promise<Approval> {
  const execution = `step-${(count += 1)}`;
  const made = approval({ execution, id: `approval-${execution}` });
  await tables.approvals.create(made, `token-${execution}`);
  return made;
}

async function posted(): Promise<Approval> {
  const made = await stored();
  await postApproval(
    { approvals: tables.approvals, slack: workspace.client, now: () => new Date(made.askedAt) },
    made,
  );
  return get(made);
}

function runAt(time: string, made: Approval): Promise<void> {
  return runEscalationStep(made, {
    approvals: tables.approvals,
    slack: async () => workspace.client,
    acquire: async ({ name }) => void acquired.push(name),
    resolve: async (ids) => {
      await meanwhile();
      return { userIds: ids, resolvedAt: time };
    },
    outOfOffice: async () => [],
    peopleRules,
    now: () => new Date(time),
    log: (event, fields) => void logged.push({ event, ...fields }),
  });
}

const replies = ({ ts = '' }: Approval) => workspace.replies(ts);

const direct = (person: string, { execution }: Approval) =>
  workspace.slack
    .directMessages(person)
    .filter(({ metadata }) => JSON.stringify(metadata).includes(execution))
    .map(({ text }) => text);

describe('runEscalationStep in an archived channel', () => {
  afterEach(() => workspace.slack.setArchived(false));

  it('reminds each person who may still approve, once, by direct message, and logs the remedy', async () => {
    const made = await posted();
    workspace.slack.setArchived(true);
    await runAt(REMINDER, made);
    await runAt(later(REMINDER, 60_000), await get(made));
    for (const person of ['U0BEN', 'U0CHLOE'])
      expect(direct(person, made)).toEqual([expect.stringMatching(/^:bell: .*Open the message/)]);
    expect(logged).toContainEqual(
      expect.objectContaining({ event: 'channel_unreachable', remedy: expect.stringContaining('archived') }),
    );
  });

  it('tries again later if nobody can be written to', async () => {
    const made = await posted();
    workspace.slack.setArchived(true);
    for (const person of ['U0BEN', 'U0CHLOE']) workspace.slack.refuseDirectMessages(person, 'user_not_found');
    await expect(runAt(REMINDER, made)).rejects.toMatchObject({ data: { error: 'is_archived' } });
    for (const person of ['U0BEN', 'U0CHLOE']) workspace.slack.refuseDirectMessages(person, undefined);
    await runAt(later(REMINDER, 60_000), await get(made));
    expect(direct('U0BEN', made)).toHaveLength(1);
  });
});

describe('runEscalationStep', () => {
  it('posts the reminder when it is due, and not before', async () => {
    const made = await posted();
    await runAt(later(REMINDER, -1), made);
    expect([...replies(made), ...acquired]).toEqual([]);
    // The approvers are resolved again only before the escalation.
    meanwhile = async () => expect.unreachable();
    await runAt(REMINDER, made);
    const metadata = {
      event_type: 'countersign_escalation_step',
      event_payload: { id: `${made.id}-reminder` },
    };
    expect(replies(made)).toMatchObject([{ text: expect.stringContaining('<@U0BEN>'), metadata }]);
    expect(acquired).toEqual([`thread-replies-${CHANNEL}`]);
    expect(logged).toEqual([
      { event: 'escalation_step_run', step: 'reminder', execution: made.execution, approval: made.id },
    ]);
    expect(await get(made)).toMatchObject({
      escalationSteps: { reminder: { at: REMINDER, ts: replies(made)[0]?.ts } },
      effectiveApprovers: ['U0BEN', 'U0CHLOE'],
      shownRevision: 2,
    });
  });

  it('posts the reminder once', async () => {
    const made = await posted();
    await runAt(REMINDER, made);
    await runAt(later(REMINDER, 120_000), made);
    expect(replies(made)).toHaveLength(1);
    expect(logged).toHaveLength(1);
  });

  it('posts nothing before the request is posted', async () => {
    const made = await stored();
    await runAt(REMINDER, made);
    expect([...acquired, ...logged]).toEqual([]);
  });

  it('adds the people of the escalation and mentions them', async () => {
    const made = await posted();
    await runAt(ESCALATION, made);
    expect(replies(made)).toMatchObject([
      { text: expect.stringMatching(/^:mega: <@U0DANA>: nobody has decided/) },
    ]);
    expect((await get(made)).effectiveApprovers).toEqual(['U0BEN', 'U0CHLOE', 'U0DANA']);
    expect(logged).toMatchObject([{ event: 'escalation_step_run', step: 'escalation' }]);
  });

  it('leaves the escalation to the next run if the approval changed meanwhile', async () => {
    const made = await posted();
    meanwhile = () => tables.approvals.recordShown(made, 2);
    await runAt(ESCALATION, made);
    expect([...replies(made), ...logged]).toEqual([]);
    meanwhile = async () => undefined;
    await runAt(later(ESCALATION, 1), await get(made));
    expect(replies(made)).toHaveLength(1);
  });

  it('posts in the channel if Slack refuses a reply in the thread', async () => {
    const made = await posted();
    workspace.slack.refuse('chat.postMessage', 'cannot_reply_to_message', { times: 1 });
    await runAt(REMINDER, made);
    expect(replies(made)).toEqual([]);
    expect(workspace.slack.messages().at(-1)?.text).toMatch(/^:bell:/);
  });

  it('finds the reply of an earlier run in the channel if the message was deleted', async () => {
    const made = await posted();
    workspace.slack.deleteMessage(made.ts ?? '');
    workspace.slack.refuse('chat.postMessage', 'internal_error', { times: 1, after: true });
    await expect(runAt(REMINDER, made)).rejects.toThrow('internal_error');
    await runAt(later(REMINDER, 120_000), await get(made));
    const about = workspace.slack
      .messages()
      .filter(({ metadata }) => JSON.stringify(metadata).includes(`${made.id}-reminder`));
    expect(about).toHaveLength(1);
    expect((await get(made)).escalationSteps.reminder?.ts).toBe(about[0]?.ts);
  });

  it('posts at once after Slack refused the reply', async () => {
    const made = await posted();
    workspace.slack.refuse('chat.postMessage', 'invalid_auth', { times: 1 });
    await expect(runAt(REMINDER, made)).rejects.toThrow('invalid_auth');
    await runAt(later(REMINDER, 1), made);
    expect(replies(made)).toHaveLength(1);
  });

  it('waits until the lease has expired if Slack may have posted the reply', async () => {
    const made = await posted();
    workspace.slack.refuse('chat.postMessage', 'internal_error', { times: 1 });
    await expect(runAt(REMINDER, made)).rejects.toThrow('internal_error');
    await runAt(later(REMINDER, 1), made);
    expect([...replies(made), ...logged]).toEqual([]);
    await runAt(later(REMINDER, 55_001), made);
    expect(replies(made)).toHaveLength(1);
  });

  it('finds the reply of an earlier run that could not record it', async () => {
    const made = await posted();
    const failing = {
      ...tables.approvals,
      recordStep: async () => Promise.reject(new Error('The table is away')),
    };
    const { approvals } = tables;
    tables = { ...tables, approvals: failing };
    await expect(runAt(REMINDER, made)).rejects.toThrow('The table is away');
    tables = { ...tables, approvals };
    await runAt(later(REMINDER, 55_001), made);
    expect(replies(made)).toHaveLength(1);
    expect((await get(made)).escalationSteps.reminder?.ts).toBe(replies(made)[0]?.ts);
  });

  it('does not release a lease that it took over if Slack refuses the reply', async () => {
    const made = await posted();
    await tables.approvals.leaseStep(made, 'reminder', new Date(REMINDER));
    workspace.slack.refuse('chat.postMessage', 'invalid_auth', { times: 1 });
    await expect(runAt(later(REMINDER, 55_001), made)).rejects.toThrow('invalid_auth');
    expect(await tables.approvals.leaseStep(made, 'reminder', new Date(later(REMINDER, 55_002)))).toBe(
      'held',
    );
  });
});
