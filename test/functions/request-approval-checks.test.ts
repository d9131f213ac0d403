// Tests which requests request-approval stores, which it refuses, and what it does before it posts.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { approvalId } from '../../aws/approvals-table.ts';
import type { Described } from '../../aws/executions.ts';
import type { Approval } from '../../domain/approval.ts';
import { digest } from '../../domain/digest.ts';
import { digestTerms } from '../../domain/terms.ts';
import { requestApproval, type RequestApprovalDependencies } from '../../functions/request-approval.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { firstAttemptOf } from '../support/queue-event.ts';
import { peopleRules } from '../support/people-rules.ts';
import { CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';
import { policiesWith } from '../support/policies.ts';

const ENTERED = '2026-11-02T10:00:00.000Z';
const FACT = { label: 'Tests', value: '412 passed' };
const CHART = { title: 'Errors', labels: ['14:00', '14:03'], series: [{ name: 'api', values: [2, 5] }] };
const LINK = { label: 'Build 42', url: 'https://ci.example.com/builds/42' };
let tables: TestTables;
let workspace: SlackWorkspace;
let described: Partial<Described>;
let failures: (readonly string[])[];
let logged: object[];
let acquired: string[];
let execution: string;
let count = 0;

beforeAll(async () => {
  tables = await startTables();
  workspace = await openSlackWorkspace();
});

beforeEach(() => {
  [described, failures, logged, acquired] = [{}, [], [], []];
  execution = `check-${(count += 1)}`;
});

afterAll(async () => {
  tables.close();
  await workspace.slack.close();
});

const arn = () => `arn:aws:states:us-east-1:000000000000:execution:trading:${execution}`;
const token = () => `token-${execution}`;
const key = () => ({ execution, id: approvalId(digest(token())) });
const posted = () => workspace.slack.messages().filter(({ text }) => text.includes(`ref \`${execution}\``));
const later = (ms: number) => new Date(Date.parse(ENTERED) + ms).toISOString();

async function request(
  now = ENTERED,
  differences: object = {},
  changes: Partial<RequestApprovalDependencies> = {},
  firstSentAt = now,
  Input: unknown = { request: { ...approval().request, ...differences } },
  TimeoutSeconds: unknown = 900,
  Policy?: unknown,
): Promise<void> {
  const work = requestApproval({
    ...tables,
    peopleRules,
    startedOutsideSlack: 'as-usual',
    slack: async () => workspace.client,
    policies: policiesWith({ channel: CHANNEL }),
    describe: async () => ({ status: 'RUNNING', input: {}, startedAt: ENTERED, ...described }),
    fail: async (...failed) => void failures.push(failed),
    firstAttempt: firstAttemptOf,
    executions: { resume: async () => 'not_waiting' },
    now: () => new Date(now),
    log: (event, fields) => void logged.push({ event, ...fields }),
    ...changes,
  });
  const asked = { Input, TaskToken: token(), ExecutionId: arn(), EnteredTime: ENTERED, TimeoutSeconds };
  const body = Policy === undefined ? asked : { ...asked, Policy };
  const acquire = async ({ name }: { readonly name: string }) => void acquired.push(name);
  await work(body, { acquire, firstSentAt: Date.parse(firstSentAt) });
}

describe('requestApproval', () => {
  it('stores and posts a request within the limit of requests, and logs it', async () => {
    await request();
    expect(posted()).toHaveLength(1);
    expect(acquired).toEqual([`request-posts-${CHANNEL}`]);
    expect(logged).toEqual([{ event: 'approval_requested', execution, approval: key().id }]);
    expect(await tables.approvals.get(key())).toMatchObject({
      status: 'pending',
      effectiveApprovers: ['U0BEN', 'U0CHLOE'],
      approversResolvedAt: ENTERED,
      ts: posted()[0]?.ts,
    });
  });

  it('does nothing for a request whose message is posted', async () => {
    await request();
    [logged, acquired] = [[], []];
    await request(later(1_000), {}, { firstAttempt: async () => expect.unreachable() });
    expect([...logged, ...acquired]).toEqual([]);
    expect(posted()).toHaveLength(1);
  });

  it('fails the waiting state above the limit, and stores nothing', async () => {
    await request(ENTERED, { title: 'Buy a lot', amount: 1_000_000.01 });
    expect(failures).toEqual([
      [
        token(),
        'AboveLimit',
        'Buy a lot is USD 1,000,000.01; nobody may approve more than USD 1,000,000.00. Nobody was asked.',
      ],
    ]);
    expect(logged).toEqual([{ event: 'approval_above_limit', execution, amount: 1_000_000.01 }]);
    expect(await tables.approvals.get(key())).toBeUndefined();
  });

  it.each<[string, object]>([
    ['request.title is missing.', { title: undefined }],
    ['request.title must be a text, such as "Deploy checkout 2.14.0".', { title: 7 }],
    ['request.title must not be empty.', { title: ' ' }],
    ['request.title must be at most 150 characters.', { title: 't'.repeat(151) }],
    ['request.title must be one line.', { title: 'Buy\n10 AMZN' }],
    ['request.amount must be a number in USD, such as 1822.5.', { amount: '1822' }],
    ['request.amount must be a number in USD, such as 1822.5.', { amount: null }],
    ['request.amount must not be negative.', { amount: -1 }],
    ['request.amount must be at most 1,000,000,000,000.', { amount: 1e12 + 1 }],
    // JSON.parse makes it of 1e999.
    ['request.amount must be at most 1,000,000,000,000.', { amount: Infinity }],
    ['request.amountLabel must be at most 80 characters.', { amountLabel: 'l'.repeat(81) }],
    ['request.amountLabel must not be empty.', { amountLabel: ' ' }],
    ['request.facts is missing.', { facts: undefined }],
    ['request.facts must be a list, such as [{"label":"Tests","value":"412 passed"}].', { facts: {} }],
    ['request.facts must have at most 100 entries.', { facts: Array.from({ length: 101 }, () => FACT) }],
    [
      'request.facts.0.url must be an address that begins with https:// and has no password.',
      { facts: [{ ...FACT, url: 'http://ci' }] },
    ],
    [
      'request.links must be a list, such as [{"label":"Build 42","url":"https://ci.example.com/builds/42"}].',
      { links: LINK },
    ],
    ['request.links must have at most 5 entries.', { links: Array.from({ length: 6 }, () => LINK) }],
    ['request.links.0.label must not be empty.', { links: [{ ...LINK, label: ' ' }] }],
    ...['javascript:alert(1)', 'http://ci', 'https://u:p@ci', 'ci.example.com', '', 'https://'].map(
      (url): [string, object] => [
        'request.links.0.url must be an address that begins with https:// and has no password.',
        { links: [{ ...LINK, url }] },
      ],
    ),
    [
      'request.links.0.url must be at most 500 characters.',
      { links: [{ ...LINK, url: `https://ci/${'u'.repeat(490)}` }] },
    ],
    ['request.code must not be empty.', { code: '\n' }],
    ['request.code must be at most 2,000 characters.', { code: 'c'.repeat(2_001) }],
    [
      'request.picture must be an object, such as {"url":"https://example.com/errors.png","alt":"Error rate"}.',
      { picture: LINK.url },
    ],
    [
      'request.chart must be an object, such as {"title":"Errors","labels":["14:00","14:03"],"series":[{"name":"api","values":[2,5]}]}.',
      { chart: 'up' },
    ],
    ['request.chart.title must be at most 50 characters.', { chart: { ...CHART, title: 't'.repeat(51) } }],
    ['request.chart.labels must not be empty.', { chart: { ...CHART, labels: [] } }],
    [
      'request.chart.labels must have at most 20 entries.',
      { chart: { ...CHART, labels: Array.from({ length: 21 }, (_, index) => `${index}`) } },
    ],
    ['request.chart.labels must not contain a label twice.', { chart: { ...CHART, labels: ['a', 'a'] } }],
    [
      'request.chart.labels.0 must be at most 20 characters.',
      { chart: { ...CHART, labels: ['a'.repeat(21)] } },
    ],
    [
      'request.chart.series must have at most 6 entries.',
      {
        chart: {
          ...CHART,
          series: Array.from({ length: 7 }, (_, at) => ({ name: `${at}`, values: [1, 2] })),
        },
      },
    ],
    [
      'request.chart.series must not contain a name twice.',
      { chart: { ...CHART, series: [CHART.series[0], CHART.series[0]] } },
    ],
    [
      'request.chart.series.0.values.1 must be a number.',
      { chart: { ...CHART, series: [{ name: 'api', values: [1, '2'] }] } },
    ],
    [
      'request.chart must have one value for each label in each series.',
      { chart: { ...CHART, series: [{ name: 'api', values: [1] }] } },
    ],
    ['request.picture.alt is missing.', { picture: { url: LINK.url } }],
    ['request.deadline must be a time in ISO 8601, such as 2026-11-02T10:00:00Z.', { deadline: '10:00' }],
    ...['channel', 'approvers', 'approvals', 'policy', 'timeoutSeconds'].map((member): [string, object] => [
      `request.${member} must not be in a request: the state and its policy decide the channel, the approvers and the timeout.`,
      { [member]: 'C0OTHER' },
    ]),
    ['request.facts.0 must be an object, such as {"label":"Tests","value":"412 passed"}.', { facts: [1] }],
    ['request.facts.0.label must be at most 80 characters.', { facts: [{ ...FACT, label: 'l'.repeat(81) }] }],
    [
      'request.facts.1.value must be at most 300 characters.',
      { facts: [FACT, { ...FACT, value: 'v'.repeat(301) }] },
    ],
    [
      'request.facts.0.at must be a time in ISO 8601, such as 2026-11-02T10:00:00Z.',
      { facts: [{ ...FACT, at: 'noon' }] },
    ],
    ['request.facts.0.untilResult must be true or false.', { facts: [{ ...FACT, untilResult: 'yes' }] }],
    [
      'request.facts.0.at must be a time in ISO 8601, such as 2026-11-02T10:00:00Z.',
      { facts: [{ ...FACT, at: '2026-02-31T10:00:00Z' }] },
    ],
    [
      'request.facts.0.at must be a time in ISO 8601, such as 2026-11-02T10:00:00Z.',
      { facts: [{ ...FACT, at: '2026-11-02T10:00:00+09' }] },
    ],
    ['request.reason must be at most 1,000 characters.', { reason: 'r'.repeat(1_001) }],
    ['request.note must be at most 500 characters.', { note: 'n'.repeat(501) }],
    ["request.requester must be a Slack user's id, such as U012AB3CD.", { requester: 'ana' }],
    // What is left of an emoji whose second half a workflow cut off.
    ['request.terms must have only numbers of double precision, and valid Unicode.', { terms: '\ud83d' }],
    ['request.terms must have only numbers of double precision, and valid Unicode.', { terms: [Infinity] }],
  ])('fails the waiting state of an invalid request at once: %s', async (reason, bad) => {
    await request(ENTERED, bad);
    expect(failures).toEqual([
      [
        token(),
        'InvalidRequest',
        `The workflow sent an invalid request: ${reason} Nobody was asked; tell your operator.`,
      ],
    ]);
    expect(logged).toEqual([{ event: 'request_invalid', execution, approval: key().id, reason }]);
    expect(await tables.approvals.get(key())).toBeUndefined();
    expect(posted()).toEqual([]);
  });

  it('fails the waiting state of an input without a request', async () => {
    await request(ENTERED, {}, {}, ENTERED, { request: undefined });
    await request(ENTERED, {}, {}, ENTERED, 'Buy 10 AMZN');
    expect(failures.map(([, , cause]) => cause)).toEqual([
      'The workflow sent an invalid request: request is missing. Nobody was asked; tell your operator.',
      'The workflow sent an invalid request: The input must be Object. Nobody was asked; tell your operator.',
    ]);
  });

  it.each([
    ['900', 'must be the number of seconds that the state waits, such as 900.'],
    [0, 'must be at least 1.'],
    [1.5, 'must be a whole number of seconds.'],
    [31_536_001, 'must be at most 31536000.'],
  ])('fails the waiting state at once if its timeout is %s', async (seconds, complaint) => {
    await request(ENTERED, {}, {}, ENTERED, undefined, seconds);
    const cause = expect.stringContaining(`TimeoutSeconds ${complaint}`);
    expect(failures).toEqual([[token(), 'InvalidRequest', cause]]);
  });

  it('notifies nobody directly if Slack is down, because a retry posts the request', async () => {
    workspace.slack.refuse('chat.postMessage', 'internal_error', { times: 1 });
    await expect(request()).rejects.toThrow('internal_error');
    expect((await tables.approvals.get(key()))?.channelRefused).toBeUndefined();
    expect(logged).toEqual([]);
  });

  it('marks a request that the channel refuses, and says so in the error', async () => {
    workspace.slack.setArchived(true);
    await expect(request()).rejects.toMatchObject({
      name: 'ChannelUnreachable',
      message: `The channel refuses the request of ${execution}.`,
    });
    workspace.slack.setArchived(false);
    expect((await tables.approvals.get(key()))?.channelRefused).toBe(true);
  });

  it('sets the deadline by the timeout of the state, and by nothing else', async () => {
    await request(ENTERED, {}, {}, ENTERED, undefined, 3_600);
    expect((await tables.approvals.get(key()))?.deadline).toBe(later(3_600_000));
  });

  it('accepts a request whose fields all have their maximum length', async () => {
    const fact = { label: 'l'.repeat(80), value: 'v'.repeat(300), at: ENTERED, untilResult: true };
    await request(ENTERED, {
      title: 't'.repeat(150),
      amount: 1_000_000,
      amountLabel: 'l'.repeat(80),
      facts: Array.from({ length: 10 }, () => fact),
      reason: 'r'.repeat(1_000),
      note: 'n'.repeat(500),
    });
    expect(failures).toEqual([]);
    expect((await tables.approvals.get(key()))?.ts).toBeDefined();
  });

  it('stores the time of a fact in UTC, and a title without the line break behind it', async () => {
    await request(ENTERED, { title: 'Deploy\n', facts: [{ ...FACT, at: '2026-11-02T10:00:00+09:00' }] });
    expect((await tables.approvals.get(key()))?.request).toMatchObject({
      title: 'Deploy',
      facts: [{ at: '2026-11-02T01:00:00.000Z' }],
    });
  });

  it('stores the terms with the approval, apart from the request', async () => {
    await request(ENTERED, { terms: { b: 1, a: ['x'] } });
    const stored = await tables.approvals.get(key());
    expect(stored?.terms).toEqual(digestTerms({ a: ['x'], b: 1 }));
    expect(stored?.request).not.toHaveProperty('terms');
  });

  it('stores terms of up to 4,096 bytes', async () => {
    // `{"é":"…"}` has 9 bytes without the value.
    await request(ENTERED, { terms: { é: 'x'.repeat(4_088) } });
    expect(failures).toEqual([
      [
        token(),
        'InvalidRequest',
        expect.stringContaining('request.terms must be at most 4,096 bytes as JSON.'),
      ],
    ]);
    failures = [];
    await request(ENTERED, { terms: { é: 'x'.repeat(4_088 - 1) } });
    expect(failures).toEqual([]);
    expect(Buffer.byteLength((await tables.approvals.get(key()))?.terms?.json ?? '')).toBe(4_096);
  });

  it('does not fail a state for an invalid request whose token the execution did not schedule', async () => {
    const changes = { firstAttempt: async () => undefined };
    const bad = { title: undefined };
    await expect(request(later(299_999), bad, changes, ENTERED)).rejects.toMatchObject({
      name: 'MessageNotInHistory',
    });
    await request(later(300_000), bad, changes, ENTERED);
    expect(failures).toEqual([]);
    expect(logged).toEqual([{ event: 'request_refused', execution }]);
  });

  it('refuses a state machine that is not configured, also if the request is invalid', async () => {
    for (const differences of [{}, { title: undefined }])
      await expect(request(ENTERED, differences, { policies: policiesWith({}, []) })).rejects.toMatchObject({
        name: 'UnknownStateMachine',
        message: 'arn:aws:states:us-east-1:000000000000:stateMachine:trading may not ask for approval here.',
      });
    expect(failures).toEqual([]);
  });

  it('accepts a state machine that a pattern allows', async () => {
    const stateMachineArns = ['arn:aws:states:us-east-1:000000000000:stateMachine:trad*'];
    await request(ENTERED, {}, { policies: policiesWith({ channel: CHANNEL }, stateMachineArns) });
    expect(logged).toMatchObject([{ event: 'approval_requested', execution }]);
  });

  it('cancels a stored request of an execution that has ended', async () => {
    await tables.approvals.create(approval({ ...key(), executionArn: arn() }), token());
    described = { status: 'ABORTED' };
    await request();
    expect((await tables.approvals.get(key()))?.status).toBe('cancelled');
    expect(logged).toEqual([{ event: 'approval_not_asked', execution, status: 'ABORTED' }]);
    expect(posted()).toEqual([]);
  });

  it('retries a request whose token the history does not contain for five minutes, and then refuses it', async () => {
    const asked: (readonly unknown[])[] = [];
    const changes = {
      firstAttempt: async (...scheduled: readonly unknown[]) => {
        asked.push(scheduled);
        return undefined;
      },
    };
    await expect(request(later(299_999), {}, changes, ENTERED)).rejects.toMatchObject({
      name: 'MessageNotInHistory',
      message: `The history of ${execution} does not contain this message yet.`,
    });
    expect(logged).toEqual([]);
    await request(later(300_000), {}, changes, ENTERED);
    expect(logged).toEqual([{ event: 'request_refused', execution }]);
    expect(asked).toEqual([
      [arn(), expect.objectContaining({ TaskToken: token() })],
      [arn(), expect.objectContaining({ TaskToken: token() })],
    ]);
    expect(await tables.approvals.get(key())).toBeUndefined();
  });

  it('logs a request from before the last redrive, and stores nothing', async () => {
    described = { redrivenAt: later(2_000) };
    await request(later(1_999));
    expect(logged).toEqual([{ event: 'request_superseded', execution }]);
    expect(await tables.approvals.get(key())).toBeUndefined();
    await request(later(2_000));
    expect(posted()).toHaveLength(1);
  });

  it('marks the cancelled approvals from before a redrive as resubmitted, and no others', async () => {
    const make = async (id: string, differences: Partial<Approval>) => {
      const made = approval({ execution, executionArn: arn(), id, ...differences });
      await tables.approvals.create(made, id);
      return made;
    };
    const cancelled = await make('approval-cancelled', { status: 'cancelled', askedAt: later(0) });
    const expired = await make('approval-expired', { status: 'expired', askedAt: later(0) });
    const newer = await make('approval-newer', { status: 'cancelled', askedAt: later(5_000) });
    described = { redrivenAt: later(5_000) };
    await request(later(6_000));
    expect((await tables.approvals.get(cancelled))?.resubmitted).toEqual({ at: later(5_000) });
    expect((await tables.approvals.get(expired))?.resubmitted).toBeUndefined();
    expect((await tables.approvals.get(newer))?.resubmitted).toBeUndefined();
    expect(posted()).toHaveLength(1);
  });

  it('retries if the execution has ended since the request, and posts nothing', async () => {
    await tables.completions.record(
      { executionArn: arn(), outcome: 'failed', at: ENTERED },
      new Date(ENTERED),
    );
    await expect(request()).rejects.toMatchObject({
      name: 'PossiblyRedriven',
      message: `${execution} has a completion, and Step Functions reports it as running.`,
    });
    expect(posted()).toEqual([]);
  });

  it('logs a request after its deadline, and posts nothing', async () => {
    await request(later(899_999));
    expect(posted()).toHaveLength(1);
    execution = `${execution}-late`;
    logged = [];
    await request(later(900_000));
    expect(logged).toEqual([{ event: 'approval_not_asked_in_time', execution, approval: key().id }]);
    expect(posted()).toEqual([]);
  });

  it.each<[string, string, Partial<Approval> | undefined, string]>([
    ['was never stored', 'approval_not_asked_in_time', undefined, later(900_000)],
    ['was not posted', 'approval_not_asked_in_time', {}, later(900_000)],
    ['expired without a message', 'approval_not_asked_in_time', { status: 'expired' }, later(900_001)],
    ['was not posted when its execution was stopped', 'approval_not_asked', {}, later(899_999)],
    ['was posted', 'approval_not_asked', { ts: '1793613601.000100' }, later(900_000)],
    [
      'was decided in Home',
      'approval_not_asked',
      { status: 'approved', decision: { outcome: 'approved', by: 'U0BEN', at: later(1) } },
      later(900_000),
    ],
  ])('logs whether a request in vain waited to be asked: it %s', async (_, event, stored, endedAt) => {
    const whole = { ...key(), executionArn: arn(), deadline: later(900_000), ts: undefined, ...stored };
    if (stored) await tables.approvals.create(approval(whole), token());
    described = { status: 'SUCCEEDED', endedAt };
    await request(later(960_000));
    expect(logged).toEqual([{ event, execution, status: 'SUCCEEDED' }]);
    expect(posted()).toEqual([]);
  });

  it('stores the cached approvers during an outage of Slack', async () => {
    const policy = ['S0RISK'];
    const policies = policiesWith({ channel: CHANNEL, approvers: policy });
    const slack = async () => Promise.reject(new Error('Slack is down'));
    await expect(request(ENTERED, {}, { policies, slack })).rejects.toThrow('Slack is down');
    expect(await tables.approvals.get(key())).toMatchObject({
      effectiveApprovers: [],
      approversResolvedAt: new Date(0).toISOString(),
    });
    await tables.resolvedApprovers.put(policy, {
      userIds: ['U0DANA'],
      resolvedAt: '2026-11-01T00:00:00.000Z',
    });
    execution = `${execution}-cached`;
    await expect(request(ENTERED, {}, { policies, slack })).rejects.toThrow('Slack is down');
    expect(await tables.approvals.get(key())).toMatchObject({
      effectiveApprovers: ['U0DANA'],
      approversResolvedAt: '2026-11-01T00:00:00.000Z',
    });
  });

  it('replaces approvers who are out of office', async () => {
    await tables.people.setPreferences('U0BEN', {
      directMessages: true,
      outUntil: '2026-11-02',
      delegate: 'U0DANA',
    });
    await request();
    await tables.people.setPreferences('U0BEN', { directMessages: true });
    expect(await tables.approvals.get(key())).toMatchObject({
      effectiveApprovers: ['U0CHLOE', 'U0DANA'],
      delegateFor: { U0DANA: 'U0BEN' },
    });
  });

  it('shows a chart while people decide', async () => {
    await request(ENTERED, { chart: CHART });
    expect(posted()[0]?.blocks).toContainEqual(
      expect.objectContaining({
        type: 'data_visualization',
        title: 'Errors',
        chart: {
          type: 'line',
          series: [
            {
              name: 'api',
              data: [
                { label: '14:00', value: 2 },
                { label: '14:03', value: 5 },
              ],
            },
          ],
          axis_config: { categories: ['14:00', '14:03'] },
        },
      }),
    );
  });

  it('shows links, code and a picture, and formats nothing in them', async () => {
    const url = 'https://ci.example.com/a|b?x=1&y=<2>';
    const request_ = {
      facts: [{ ...FACT, url }],
      links: [{ label: 'Build *42*', url }],
      code: '+ `3` to *add*\n<@U0BEN> & more',
      picture: { url, alt: 'Error rate' },
    };
    await request(ENTERED, request_);
    const [message] = posted();
    const blocks = JSON.stringify(message?.blocks);
    const href = 'https://ci.example.com/a%7Cb?x=1&amp;y=%3C2%3E';
    expect(blocks).toContain(`<${href}|Build ∗42∗>`);
    expect(blocks).toContain(`<${href}|${FACT.value}>`);
    expect(message?.blocks).toContainEqual(
      expect.objectContaining({
        type: 'rich_text',
        elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: request_.code }] }],
      }),
    );
    expect(blocks).toContain(
      '"accessory":{"type":"image","image_url":"https://ci.example.com/a%7Cb?x=1&y=%3C2%3E"',
    );
    expect(message?.text).toContain('+ ˋ3ˋ to ∗add∗ &lt;@U0BEN&gt; &amp; more');
  });

  it.each<[number, string]>([
    [18, 'F18: v · Started'],
    [19, 'F17: v · More: 2 more facts ·'],
    [38, 'F17: v · More: 21 more facts ·'],
  ])(
    'shows as many of %i facts as fit into twenty fields, and how many more there are',
    async (total, end) => {
      const facts = Array.from({ length: total }, (_, at) => ({ label: `F${at + 1}`, value: 'v' }));
      await request(ENTERED, { facts });
      expect(posted()[0]?.text).toContain(end);
      expect(posted()[0]?.text).not.toContain('F19');
    },
  );

  it.each<[string, string, number | undefined]>([
    ['ends at', '2026-11-02T10:05:00+00:00', 300],
    ['does not wait longer than its state for', '2026-11-02T11:00:00Z', undefined],
  ])('%s the deadline of the request', async (_, deadline, seconds) => {
    await request(ENTERED, { deadline });
    expect(await tables.approvals.get(key())).toMatchObject({
      deadline: later((seconds ?? 900) * 1_000),
      escalationSchedule: { reminder: later((seconds ?? 900) * 500) },
      ...(seconds ? { endsEarly: true } : {}),
    });
    expect(posted()).toHaveLength(1);
  });

  it('asks nobody if the deadline of the request has passed', async () => {
    await request(ENTERED, { deadline: ENTERED });
    expect(posted()).toEqual([]);
    expect(logged).toMatchObject([{ event: 'approval_not_asked_in_time' }]);
  });

  const byPolicy = (Policy: unknown, changes: Partial<RequestApprovalDependencies> = {}) =>
    request(ENTERED, {}, changes, ENTERED, undefined, 900, Policy);

  it('stores the policy that the state names, with its version, channel, people and labels', async () => {
    const labels = { approve: 'Migrate', decline: 'Not now' };
    const database = { name: 'database', version: 7, approvers: ['U0DANA', 'U0CHLOE'], labels };
    const policies = policiesWith({
      ...database,
      channel: CHANNEL,
      tiers: [{ upToUsd: 1_000_000, approvals: 2 }],
      escalation: { escalateAt: 0.5, escalateTo: ['U0BEN'] },
      confirmFromUsd: 1,
      delegates: [],
      broadcast: ['expired'],
    });
    await byPolicy('database', { policies });
    expect(await tables.approvals.get(key())).toMatchObject({
      policy: { ...database, approvals: 2, delegates: [], broadcast: ['expired'] },
      outstanding: 2,
      channel: CHANNEL,
      confirm: true,
      escalationSchedule: { escalation: later(450_000), escalateTo: ['U0BEN'] },
      effectiveApprovers: ['U0DANA', 'U0CHLOE'],
    });
    expect(JSON.stringify(posted()[0]?.blocks)).toContain('"Migrate"');
    expect(JSON.stringify(posted()[0]?.blocks)).toContain('"Not now"');
  });

  it.each<[string, unknown, RegExp, Partial<RequestApprovalDependencies>]>([
    [
      'may not use, although it exists',
      'database',
      /^The state names the policy "database", but its state machine may use only: default\. Nobody was asked; tell your operator\.$/,
      {
        policies: {
          ...policiesWith({ channel: CHANNEL }),
          policy: (name) => policiesWith({ name, channel: CHANNEL }).policy(name),
        },
      },
    ],
    [
      'may use, and that does not exist',
      'default',
      /^The state names the policy "default", which does not exist\. Nobody was asked; tell your operator\.$/,
      { policies: { ...policiesWith({ channel: CHANNEL }), policy: async () => undefined } },
    ],
  ])(
    'fails a state at once that names a policy that its state machine %s',
    async (_, policy, cause, changes) => {
      await byPolicy(policy, changes);
      expect(failures).toEqual([[token(), 'PolicyNotAllowed', expect.stringMatching(cause)]]);
      expect(logged).toEqual([{ event: 'policy_not_allowed', execution, policy }]);
      expect(await tables.approvals.get(key())).toBeUndefined();
    },
  );

  it.each(['Database', '../default', '', 7, null])(
    'fails a state at once that names its policy %j',
    async (policy) => {
      await byPolicy(policy);
      expect(failures).toEqual([
        [
          token(),
          'InvalidRequest',
          'The workflow sent an invalid request: Policy must be the name of a policy in lower case, such as "database". Nobody was asked; tell your operator.',
        ],
      ]);
    },
  );

  it('counts only the delegates whom its policy allows', async () => {
    const preferences = { directMessages: true, outUntil: '2026-11-02', delegate: 'U0DANA' };
    await tables.people.setPreferences('U0BEN', preferences);
    await byPolicy('default', { policies: policiesWith({ channel: CHANNEL, delegates: ['U0FRAN'] }) });
    await tables.people.setPreferences('U0BEN', { directMessages: true });
    expect(await tables.approvals.get(key())).toMatchObject({
      effectiveApprovers: ['U0CHLOE'],
      away: ['U0BEN'],
      delegateFor: {},
    });
  });

  it('asks more people about an execution that was started outside Slack, if that is set', async () => {
    const tiers = [
      { upToUsd: 5_000, approvals: 1 },
      { upToUsd: 1_000_000, approvals: 2 },
    ];
    const policies = policiesWith({ channel: CHANNEL, tiers });
    const changes = { policies, startedOutsideSlack: 'last-tier' } as const;
    await request(ENTERED, {}, changes);
    expect((await tables.approvals.get(key()))?.policy.approvals).toBe(2);
    execution = `${execution}-started`;
    await tables.starts.record(arn(), { requester: 'U0ANA', requesters: ['U0ANA'], at: ENTERED }, {});
    await request(ENTERED, {}, changes);
    expect(await tables.approvals.get(key())).toMatchObject({
      policy: { approvals: 1 },
      requester: 'U0ANA',
    });
  });
});
