// Tests the direct messages about a request that its channel refuses: who gets one, and that a retry or a crash sends
// nobody a second one.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { WebClient } from '@slack/web-api';
import { approvalId } from '../../aws/approvals-table.ts';
import { digest } from '../../domain/digest.ts';
import { requestApproval } from '../../functions/request-approval.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { firstAttemptOf } from '../support/queue-event.ts';
import { peopleRules } from '../support/people-rules.ts';
import { CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';
import { policiesWith } from '../support/policies.ts';

const ENTERED = '2026-11-02T10:00:00.000Z';
let tables: TestTables;
let workspace: SlackWorkspace;
let client: WebClient;
let time: number;
let logged: object[];
let approvers: string[];
let execution: string;
let count = 0;

beforeAll(async () => {
  tables = await startTables();
  workspace = await openSlackWorkspace();
});

beforeEach(() => {
  [time, logged, approvers] = [Date.parse(ENTERED), [], ['U0BEN', 'U0CHLOE', 'U0DANA']];
  client = workspace.client;
  execution = `unposted-${(count += 1)}`;
  workspace.slack.refuse('chat.postMessage', 'is_archived', { channel: CHANNEL });
});

afterAll(async () => {
  tables.close();
  await workspace.slack.close();
});

const arn = () => `arn:aws:states:us-east-1:000000000000:execution:trading:${execution}`;
const events = (name: string) => logged.filter((each) => 'event' in each && each.event === name);
/** How many direct messages about this request each of these people got. */
const got = (...people: readonly string[]) =>
  people.map(
    (person) =>
      workspace.slack.directMessages(person).filter(({ text }) => text.includes(`Buy 10 ${execution}`))
        .length,
  );

async function request(): Promise<void> {
  const work = requestApproval({
    ...tables,
    peopleRules: { ...peopleRules, guests: 'single-channel' },
    startedOutsideSlack: 'as-usual',
    slack: async () => client,
    policies: policiesWith({ channel: CHANNEL, approvers }),
    describe: async () => ({ status: 'RUNNING', input: {}, startedAt: ENTERED }),
    fail: async () => expect.unreachable(),
    firstAttempt: firstAttemptOf,
    executions: { resume: async () => 'not_waiting' },
    now: () => new Date(time),
    log: (event, fields) => void logged.push({ event, ...fields }),
  });
  const Input = { request: { ...approval().request, title: `Buy 10 ${execution}` } };
  const body = {
    Input,
    TaskToken: `token-${execution}`,
    ExecutionId: arn(),
    EnteredTime: ENTERED,
    TimeoutSeconds: 900,
  };
  await work(body, { acquire: async () => {}, firstSentAt: Date.parse(ENTERED) });
}

const refused = { name: 'ChannelUnreachable', retryAfterSeconds: 60 };

/** A client whose next direct message to this person ends like that, once. */
function failingOnce(person: string, fail: (post: () => Promise<unknown>) => Promise<never>): WebClient {
  let left = 1;
  const chat = Object.assign(Object.create(workspace.client.chat), {
    postMessage: async (message: Parameters<WebClient['chat']['postMessage']>[0]) => {
      const post = () => workspace.client.chat.postMessage(message);
      if (!message || message['channel'] !== person || left === 0) return post();
      left -= 1;
      return fail(post);
    },
  });
  return Object.assign(Object.create(workspace.client), { chat });
}

const timedOut = Object.assign(new Error('timed out'), { code: 'slack_webapi_request_error' });

describe('requestApproval, if the channel refuses the request,', () => {
  it('notifies the approvers and the requester once, and retries in a minute', async () => {
    await tables.starts.record(arn(), { requester: 'U0ANA', requesters: ['U0ANA'], at: ENTERED }, {});
    await expect(request()).rejects.toMatchObject(refused);
    time += 60_000;
    await expect(request()).rejects.toMatchObject(refused);
    expect(got('U0ANA', 'U0BEN', 'U0CHLOE', 'U0DANA')).toEqual([1, 1, 1, 1]);
    expect(events('channel_unreachable')).toHaveLength(2);
    expect(events('channel_unreachable')[0]).toMatchObject({
      execution,
      approval: approvalId(digest(`token-${execution}`)),
      remedy: expect.stringContaining('archived'),
    });
  });

  it('does not notify a requester who wants no direct messages, nor a person who may not approve', async () => {
    approvers = ['U0ANA', 'U0BEN'];
    await tables.starts.record(arn(), { requester: 'U0ANA', requesters: ['U0ANA'], at: ENTERED }, {});
    await tables.people.setPreferences('U0ANA', { directMessages: false });
    await expect(request()).rejects.toMatchObject(refused);
    await tables.people.setPreferences('U0ANA', { directMessages: true });
    expect(got('U0ANA', 'U0BEN')).toEqual([0, 1]);
  });

  it('notifies the others if one person cannot receive direct messages', async () => {
    client = failingOnce('U0BEN', async () => {
      throw Object.assign(new Error('user_disabled'), {
        code: 'slack_webapi_platform_error',
        data: { ok: false, error: 'user_disabled' },
      });
    });
    await expect(request()).rejects.toMatchObject(refused);
    time += 60_000;
    await expect(request()).rejects.toMatchObject(refused);
    expect(got('U0BEN', 'U0CHLOE', 'U0DANA')).toEqual([0, 1, 1]);
    expect(events('person_unreachable')).toMatchObject([{ person: 'U0BEN' }]);
  });

  it.each<[string, (post: () => Promise<unknown>) => Promise<never>]>([
    ['it dies before a message is sent', () => Promise.reject(timedOut)],
    ['it dies after a message was sent', (post) => post().then(() => Promise.reject(timedOut))],
  ])('notifies each person once although %s', async (_, fail) => {
    client = failingOnce('U0CHLOE', fail);
    await expect(request()).rejects.toThrow('timed out');
    await expect(request()).rejects.toMatchObject({ name: 'NotificationInProgress' });
    time += 60_000;
    await expect(request()).rejects.toMatchObject(refused);
    expect(got('U0BEN', 'U0CHLOE', 'U0DANA')).toEqual([1, 1, 1]);
  });

  it('notifies at most twenty approvers', async () => {
    const effectiveApprovers = Array.from({ length: 22 }, (_, index) => `U0NOBODY${index}`);
    const key = { execution, id: approvalId(digest(`token-${execution}`)) };
    const stored = approval({
      ...key,
      executionArn: arn(),
      effectiveApprovers,
      policy: { approvals: 1, approvers: effectiveApprovers },
    });
    await tables.approvals.create(stored, `token-${execution}`);
    const resolvedAt = new Date(time).toISOString();
    await tables.resolvedApprovers.put(effectiveApprovers, { userIds: effectiveApprovers, resolvedAt });
    await expect(request()).rejects.toMatchObject(refused);
    expect(events('person_unreachable')).toHaveLength(20);
  });

  it('notifies nobody of a request that is decided', async () => {
    const key = { execution, id: approvalId(digest(`token-${execution}`)) };
    const decision = { outcome: 'approved', by: 'U0BEN', at: ENTERED } as const;
    const decided = approval({
      ...key,
      executionArn: arn(),
      status: 'approved',
      decision,
      request: { ...approval().request, title: `Buy 10 ${execution}` },
    });
    await tables.approvals.create(decided, `token-${execution}`);
    await expect(request()).rejects.toMatchObject(refused);
    expect(got('U0BEN', 'U0CHLOE')).toEqual([0, 0]);
  });

  it('posts the request once the channel accepts it, and then nothing more', async () => {
    await expect(request()).rejects.toMatchObject(refused);
    workspace.slack.stopFailing('chat.postMessage');
    time += 60_000;
    await request();
    await request();
    expect(
      workspace.slack.messages().filter(({ text }) => text.includes(`Buy 10 ${execution}`)),
    ).toHaveLength(1);
    expect(got('U0BEN', 'U0CHLOE', 'U0DANA')).toEqual([1, 1, 1]);
  });
});
