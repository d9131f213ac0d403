// Sends random input to each entry: no unhandled error, no 5xx for malformed input, no hang. `npm run fuzz` tries a
// hundred thousand inputs; a failing run prints the seed that repeats it.
import { RESULT_OUTCOMES } from '../domain/outcomes.ts';
import { createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { WebClient } from '@slack/web-api';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyAccount } from './support/empty-account.ts';
import type { Approvals } from '../aws/approvals-table.ts';
import type { Completions } from '../aws/completions-table.ts';
import { createReceiver } from '../bot/receiver.ts';
import { publicBot } from '../bot/public-bot.ts';
import { createTradingApp } from '../bot/trading/trading-app.ts';
import { readTradeForm } from '../slack/trading/views/trade-form.ts';
import { readTicket, type ReadTicket } from '../domain/trading/ticket.ts';
import { parse } from '../functions/parse.ts';
import { relayResult } from '../functions/relay-result.ts';
import { tradeInput } from '../functions/trading/trade-input.ts';
import { reportFailure } from '../functions/report-failure.ts';
import { requestApproval } from '../functions/request-approval.ts';
import type { AuditTable } from '../aws/audit-table.ts';
import type { ProgressReports } from '../aws/progress.ts';
import type { ResolvedApproversTable } from '../aws/resolved-approvers-table.ts';
import type { UnpostedNotices } from '../aws/unposted-notices.ts';
import type { PreferencesTable } from '../aws/preferences-table.ts';
import { createQueueHandler, type Delivery } from '../functions/queue-handler.ts';
import { command } from './support/approvals.ts';
import { delivered, queueEvent, firstAttemptOf } from './support/queue-event.ts';
import { peopleRules } from './support/people-rules.ts';
import { policiesWith } from './support/policies.ts';

const numRuns = Number(process.env['FUZZ_RUNS'] ?? 300);
const timeout = 60_000 + numRuns * 20;
const policies = policiesWith({}, ['arn:aws:states:us-east-1:000000000000:stateMachine:m']);
const SECRET = 'a-signing-secret';
const rules = { symbols: ['AMZN', 'NVDA'], defaultQuantity: 10 };
const now = () => new Date();
const log = () => {};

const unknown = { changed: false, refusal: 'unknown', current: undefined } as const;

/** A table in which there is nothing, and nothing stays. */
const approvals: Approvals = {
  create: async () => true,
  get: async () => undefined,
  ofExecution: async () => [],
  approve: async () => unknown,
  decline: async () => unknown,
  cancel: async () => unknown,
  pending: async () => ({ approvals: [] }),
  decided: async () => [],
  undo: async () => unknown,
  recordApprovers: async (approval) => ({ recorded: false, approval }),
  async *due() {},
  scheduleNextCheck: async () => {},
  close: async () => {},
  closeDecided: async () => {},
  restartNotification: async () => {},
  cancelUnasked: async () => {},
  amend: async () => ({ outcome: 'unknown', approval: undefined }),
  leaseVoterNotice: async () => 'done',
  releaseVoterNotice: async () => {},
  recordVotersNotified: async () => {},
  leaseStep: async () => 'done',
  releaseStep: async () => {},
  recordStep: async () => {},
  leaseMention: async () => 'done',
  releaseMention: async () => {},
  recordMention: async () => {},
  getUnsentDecision: async () => undefined,
  taskTokenOf: async () => undefined,
  replaceTaskToken: async () => undefined,
  recordSent: async () => {},
  recordResubmission: async () => {},
  releasePost: async () => {},
  leasePost: async () => 'acquired',
  recordPosted: async () => {},
  recordRefused: async () => {},
  recordShown: async (_, revision) => revision,
  settle: async () => {},
};
const progress: ProgressReports = {
  recordProgress: async () => 'over',
  leaseProgress: async () => 'done',
  releaseProgress: async () => {},
  recordProgressShown: async () => {},
  recordButtonRemoved: async () => {},
};
const completions: Completions = {
  idOf: ({ executionArn }) => executionArn,
  record: async () => {},
  leaseNotification: async () => 'done',
  releaseNotification: async () => {},
  recordNotified: async () => {},
  endedSince: async () => false,
};

const unpostedNotices: UnpostedNotices = {
  record: async () => {},
  leaseNotification: async () => 'done',
  releaseNotification: async () => {},
  recordNotified: async () => {},
};

const resolvedApprovers: ResolvedApproversTable = { get: async () => undefined, put: async () => {} };
const people: PreferencesTable = {
  preferences: async () => ({ directMessages: true }),
  setPreferences: async () => {},
  removeDelegate: async () => true,
  outOfOffice: async () => [],
};
const starts = { record: async () => 'U0ANA', get: async () => undefined, count: async () => true };
const audit: AuditTable = {
  record: async (entry) => entry,
  async *ofMonth() {},
  async *itemsOfMonth() {},
  async *between() {},
};

const profile = { real_name: 'Ana', email: 'ana@local.example' };
/** Slack, agreeing to everything. */
const agreeing = async () =>
  new Response(JSON.stringify({ ok: true, ts: '1.1', view: { id: 'V1' }, user: { id: 'U0ANA', profile } }), {
    headers: { 'content-type': 'application/json' },
  });
globalThis.fetch = agreeing;
const slack = async () => new WebClient('xoxb-test');

const receiver = createReceiver({
  signingSecret: async () => SECRET,
  slackApiUrl: 'http://127.0.0.1:1/api/',
  now,
  log,
});
const bot = publicBot({
  receiver,
  botToken: async () => 'xoxb-test',
  slackApiUrl: 'http://127.0.0.1:1/api/',
  approvals,
  people,
  resolvedApprovers,
  peopleRules,
  checkPerson: async () => undefined,
  channelsOf: async () => new Set<string>(),
  starts,
  maxRequestsPerHour: 30,
  audit,
  identityOf: async () => undefined,
  approvers: ['U0BEN'],
  executions: {
    start: async () => 'started',
    describe: async () => ({ status: 'SUCCEEDED', input: {} }),
    resume: async () => 'resumed',
    arnsOf: (name) => [name],
    stop: async () => {},
  },
  command,
  now,
  log,
});
createTradingApp({
  ...bot,
  ...bot.dependencies,
  ...emptyAccount,
  now,
  channel: 'C0TRADING',
  stateMachineArn: 'trading',
  rules,
});

function signed(body: string, contentType: string): LambdaFunctionURLEvent {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', SECRET).update(`v0:${timestamp}:${body}`).digest('hex');
  const headers = {
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signature}`,
    'content-type': contentType,
  };
  const event: Partial<LambdaFunctionURLEvent> = { headers, body, isBase64Encoded: false };
  return event as LambdaFunctionURLEvent;
}

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '__proto__', 'null', '\u0000', '<!channel>', '%', '{}'),
);
const json = fc.jsonValue({ maxDepth: 4 });
const form = fc.dictionary(
  fc.oneof(
    fc.constantFrom(
      'command',
      'text',
      'user_id',
      'trigger_id',
      'response_url',
      'payload',
      'ssl_check',
      'type',
    ),
    text,
  ),
  text,
  { maxKeys: 8 },
);
const interaction = fc.record(
  {
    type: fc.oneof(
      fc.constantFrom(
        'block_actions',
        'view_submission',
        'view_closed',
        'shortcut',
        'event_callback',
        'url_verification',
      ),
      text,
    ),
    user: fc.oneof(json, fc.record({ id: text })),
    team: json,
    actions: fc.oneof(
      json,
      fc.array(
        fc.record({
          action_id: fc.oneof(fc.constantFrom('approve', 'decline', 'resubmit'), text),
          type: fc.constantFrom('button', 'x'),
          value: fc.oneof(text, fc.json()),
          block_id: text,
        }),
        { maxLength: 2 },
      ),
    ),
    view: fc.oneof(
      json,
      fc.record({
        id: text,
        type: fc.constant('modal'),
        callback_id: fc.oneof(fc.constantFrom('trade_form', 'decline_modal'), text),
        private_metadata: fc.oneof(fc.json(), text),
        state: fc.record({ values: json }),
        blocks: json,
      }),
    ),
    trigger_id: text,
    response_url: fc.oneof(text, fc.constant('http://127.0.0.1:1/')),
    message: json,
  },
  { requiredKeys: [] },
);

/** Whole as far as Slack makes it, and odd in what people and senders put in. */
const wholePress = fc.record({
  type: fc.constant('block_actions'),
  user: fc.record({ id: text }),
  actions: fc.tuple(
    fc.record({
      type: fc.constant('button'),
      block_id: text,
      action_id: fc.constantFrom('approve', 'decline', 'resubmit'),
      value: fc.oneof(
        text,
        fc.json(),
        fc.record({ execution: text, id: text }).map((key) => JSON.stringify(key)),
      ),
    }),
  ),
  trigger_id: text,
  response_url: text,
  message: fc.record({ ts: text }),
});
const anyField = fc.dictionary(
  text,
  fc.record({ value: fc.oneof(text, fc.constant(null)) }, { requiredKeys: [] }),
  { maxKeys: 2 },
);
const wholeSubmission = fc.record({
  type: fc.constant('view_submission'),
  user: fc.record({ id: text }),
  view: fc.record({
    id: text,
    type: fc.constant('modal'),
    callback_id: fc.constantFrom('trade_form', 'decline_modal'),
    private_metadata: fc.oneof(text, fc.json(), fc.constant('{"execution":"e","id":"i","responseUrl":"r"}')),
    state: fc.record({
      values: fc.record(
        { symbol: anyField, quantity: anyField, note: anyField, reason: anyField },
        { requiredKeys: [] },
      ),
    }),
    blocks: fc.array(fc.record({ type: fc.constant('input'), block_id: text }), { maxLength: 2 }),
  }),
});
const wholeCommand = fc.record({
  command: fc.constant('/trade'),
  text,
  user_id: text,
  trigger_id: text,
  response_url: text,
});

describe('fuzz', () => {
  it('the Function URL answers 401 to any unsigned request', { timeout }, async () => {
    const event = fc.record(
      {
        headers: fc.dictionary(
          fc.oneof(fc.constantFrom('content-type', 'x-slack-signature', 'x-slack-request-timestamp'), text),
          text,
        ),
        body: text,
        isBase64Encoded: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(event, async (made) => {
        expect((await receiver.handler(made as LambdaFunctionURLEvent)).statusCode).toBe(401);
      }),
      { numRuns },
    );
  });

  it('the Function URL answers 200 or 4xx to any signed request', { timeout }, async () => {
    const types = fc.constantFrom('application/x-www-form-urlencoded', 'application/json', 'text/plain', '');
    const body = fc.oneof(
      fc.record({ type: types, body: text }),
      fc.record({ type: fc.constant('application/json'), body: fc.json() }),
      fc.record({
        type: types,
        body: fc.oneof(form, wholeCommand).map((fields) => new URLSearchParams(fields).toString()),
      }),
      fc.record({
        type: fc.constant('application/x-www-form-urlencoded'),
        body: fc

          .oneof(interaction, json, wholePress, wholeSubmission)
          .map((payload) => new URLSearchParams({ payload: JSON.stringify(payload) }).toString()),
      }),
    );
    await fc.assert(
      fc.asyncProperty(body, async (made) => {
        const { statusCode } = await receiver.handler(signed(made.body, made.type));
        expect([200, 400, 404]).toContain(statusCode);
      }),
      { numRuns },
    );
  });

  it.each<[string, (body: unknown, delivered: Delivery) => Promise<void>]>([
    [
      'request queue',
      requestApproval({
        approvals,
        completions,
        unpostedNotices,
        slack,
        resolvedApprovers,
        people,
        peopleRules,
        starts,
        startedOutsideSlack: 'as-usual',
        policies,
        describe: async () => ({ status: 'RUNNING', input: {} }),
        fail: async () => {},
        firstAttempt: firstAttemptOf,
        executions: { resume: async () => 'not_waiting' },
        now,
        log,
      }),
    ],
    [
      'results queue',
      relayResult({
        starts,
        describe: async () => ({ status: 'RUNNING', input: {} }),
        people,
        approvals,
        progress,
        audit,
        identityOf: async () => undefined,
        copies: { put: async () => {} },
        completions,
        slack,
        policies,
        now,
        log,
      }),
    ],
    [
      'failures queue',
      reportFailure({
        describe: async () => ({ status: 'FAILED', input: {} }),
        publish: async () => {},
        log,
      }),
    ],
  ])('the %s accepts a record or returns it, and no other', { timeout }, async (_, work) => {
    const handler = createQueueHandler({ work: (body) => work(body, delivered), now, log });
    const message = fc.record(
      {
        Input: fc.oneof(
          json,
          fc.record(
            {
              request: fc.record(
                { title: text, facts: json, reason: text, amount: json },
                { requiredKeys: [] },
              ),
              result: json,
              approval: json,
            },
            { requiredKeys: [] },
          ),
        ),
        TaskToken: text,
        ExecutionId: fc.oneof(text, fc.constant('arn:aws:states:us-east-1:000000000000:execution:m:n')),
        EnteredTime: fc.oneof(text, fc.constant('2026-11-02T10:00:00.000Z')),
        TimeoutSeconds: json,
        detail: json,
      },
      { requiredKeys: [] },
    );
    const request = fc.record(
      {
        title: text,
        reason: text,
        note: text,
        amount: fc.double({ min: 0, noNaN: true }),
        facts: fc.array(
          fc.record({
            label: text,
            value: text,
            at: fc.oneof(text, fc.constant('2026-11-02T10:00:00.000Z')),
          }),
          { maxLength: 3 },
        ),
      },
      { requiredKeys: ['title', 'reason', 'facts'] },
    );
    const result = fc.record(
      { outcome: fc.constantFrom(...RESULT_OUTCOMES), text },
      { requiredKeys: ['outcome'] },
    );
    const amendment = fc.record(
      { id: text, expectedDigest: fc.oneof(text, fc.constant('0'.repeat(64))), request, terms: json },
      { requiredKeys: [] },
    );
    const whole = fc.record({
      Input: fc.oneof(
        fc.record({ request }),
        fc.record({ result }),
        fc.record({ amendment }),
        fc.record({ progress: fc.record({ text, emoji: text }) }),
      ),
      TaskToken: text,
      ExecutionId: text.map((name) => `arn:aws:states:us-east-1:000000000000:execution:m:${name}`),
      EnteredTime: fc.constant('2999-11-02T10:00:00.000Z'),
      TimeoutSeconds: fc.constant(900),
      detail: fc.record({
        executionArn: text.map((name) => `arn:${name}`),
        status: fc.constantFrom('FAILED', 'TIMED_OUT', 'ABORTED'),
      }),
    });
    const body = fc.oneof(
      whole.map((made) => JSON.stringify(made)),
      text,
      fc.json(),
      message.map((made) => JSON.stringify(made)),
    );
    await fc.assert(
      fc.asyncProperty(body, async (made) => {
        const { batchItemFailures } = await handler(queueEvent(made));
        const givenBack = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).join();
        expect(['', 'm1']).toContain(givenBack);
      }),
      { numRuns },
    );
  });

  it('the command text and the form become a valid ticket or an explanation', { timeout }, () => {
    const numbers = fc.oneof(text, fc.integer().map(String), fc.double().map(String));
    const part = fc.oneof(
      text,
      numbers,
      numbers.map((number) => `limit ${number}`),
      fc.double({ min: 0.0001, max: 200, noNaN: true }).map((price) => `@${price.toFixed(2)}`),
      fc.constantFrom(
        'AMZN',
        '$amzn',
        'NVDA',
        'buy',
        'SELL',
        'ioc',
        'day',
        'shares',
        'limit',
        '@',
        '--',
        '—',
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          fc.array(part).map((parts) => parts.join(' ')),
        ),
        numbers,
        (typed, quantity) => {
          expect(isWholeNumber(readTicket(typed, rules))).toBe(true);
          const chosen = (value: string) => ({ selected_option: { value } });
          const values = {
            symbol: { symbol: chosen(typed) },
            side: { side: chosen('buy') },
            quantity: { quantity: { value: quantity } },
            limit: { limit: { value: typed } },
            note: { note: { value: typed } },
          };
          const submitted = readTradeForm(
            { private_metadata: '{"responseUrl":""}', state: { values } },
            rules,
          );
          const isRead =
            'ticket' in submitted
              ? isWholeNumber(submitted.ticket)
              : Object.values(submitted.errors).every(Boolean);
          expect(isRead).toBe(true);
        },
      ),
      { numRuns },
    );
  });

  it('a ticket is read again from its own words, in any order', { timeout }, () => {
    const ticket = fc.record(
      {
        symbol: fc.constantFrom(...rules.symbols),
        quantity: fc.integer({ min: 1, max: 1_000_000 }),
        side: fc.constantFrom('buy', 'sell'),
        limitPrice: fc.integer({ min: 100, max: 9_999_999 }).map((cents) => (cents / 100).toFixed(2)),
        timeInForce: fc.constantFrom('day', 'ioc'),
        note: fc.constantFrom('before the split', 'a, b'),
      },
      { requiredKeys: ['symbol', 'quantity', 'side'] },
    );
    fc.assert(
      fc.property(ticket, fc.infiniteStream(fc.nat()), fc.boolean(), (made, order, isUpper) => {
        const { symbol, quantity, side, limitPrice, timeInForce, note } = made;
        const words = [symbol, String(quantity), side, limitPrice && `limit ${limitPrice}`, timeInForce]
          .filter((word) => word !== undefined)
          .map((word) => ({
            word: isUpper ? word.toUpperCase() : word.toLowerCase(),
            at: order.next().value,
          }))
          .toSorted((one, another) => one.at - another.at)
          .map(({ word }) => word);
        expect(readTicket([...words, ...(note ? ['--', note] : [])].join(' '), rules)).toEqual(made);
      }),
      { numRuns },
    );
  });
});

/** A ticket that the execution accepts as its input, or a refusal that says why. */
function isWholeNumber(read: ReadTicket): boolean {
  if ('refused' in read) return read.refused.length > 0;
  return rules.symbols.includes(read.symbol) && isDeepStrictEqual(parse(tradeInput, read), read);
}
