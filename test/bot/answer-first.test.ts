// Tests that Slack is answered before any listener calls Slack, except to open a modal, because the trigger expires
// after three seconds. Bolt and the table are real; the local Slack counts the calls.
import { cachedIdentities } from '../../slack/identities.ts';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyAccount } from '../support/empty-account.ts';
import type { Executions } from '../../aws/executions.ts';
import { createReceiver } from '../../bot/receiver.ts';
import { postApproval } from '../../slack/messages/post-approval.ts';
import { publicBot } from '../../bot/public-bot.ts';
import { cancelOrderAction } from '../../domain/trading/cancel-order-action.ts';
import { progressView } from '../../slack/views/progress-reply.ts';
import { createTradingApp } from '../../bot/trading/trading-app.ts';
import { approval, command } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { ANA, app, CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';
import { peopleRules } from '../support/people-rules.ts';
import { cachedChannels } from '../../slack/channel-membership.ts';
import { cachedCheck } from '../../slack/check-person.ts';

const BEN = 'U0BEN';
const CHLOE = 'U0CHLOE';
const door = createServer();
const called: string[] = [];
/** What had been called when the last answer left. */
let before: readonly string[] = [];
/** What the bot still does after its answer. */
let working: Promise<void>;
let tables: TestTables;
let workspace: SlackWorkspace;
let ts: string;

beforeAll(async () => {
  tables = await startTables();
  await new Promise<void>((opened) => door.listen(0, '127.0.0.1', opened));
  const { port } = door.address() as AddressInfo;
  workspace = await openSlackWorkspace(
    () => `http://127.0.0.1:${port}/`,
    undefined,
    ({ event, method }) => {
      if (event === 'method_called') called.push(String(method));
    },
  );
  openDoor();
  ts = await ask('two', 2);
});

afterAll(async () => {
  await working;
  tables.close();
  door.close();
  await workspace.slack.close();
});

const home = () => workspace.slack.home(BEN)?.id ?? '';

/** Whoever starts an execution is checked first. Later starts within five minutes use the cached answer. */
const CHECK = 'auth.test and users.info';
const CHECK_AND_LINK = 'auth.test and chat.getPermalink and users.info';

const userActions: readonly [
  what: string,
  userAction: () => Promise<unknown>,
  before:
    | 'nothing'
    | 'views.open'
    | 'chat.getPermalink and views.publish'
    | 'users.info'
    | typeof CHECK
    | typeof CHECK_AND_LINK,
][] = [
  ['a bare /trade', () => workspace.slack.say(ANA, '/trade'), 'views.open'],
  ['the submitted trade form', () => workspace.slack.submit(ANA, { symbol: 'AMZN', quantity: '1' }), CHECK],
  ['/trade AMZN 1', () => workspace.slack.say(ANA, '/trade AMZN 1'), 'nothing'],
  ['/trade help', () => workspace.slack.say(ANA, '/trade help'), 'nothing'],
  ['/trade status', () => workspace.slack.say(ANA, '/trade status'), 'nothing'],
  ['/trade status with a name', () => workspace.slack.say(ANA, '/trade status two'), 'nothing'],
  ['/trade pending', () => workspace.slack.say(BEN, '/trade pending'), 'nothing'],
  ['/trade audit', () => workspace.slack.say(BEN, '/trade audit 2026-11'), 'nothing'],
  ['/trade cancel', () => workspace.slack.say(ANA, '/trade cancel two'), 'views.open'],
  // An event: Slack sends again what failed, so it has its answer when all is done.
  ['the opened Home', () => workspace.slack.openHome(BEN), 'chat.getPermalink and views.publish'],
  ['the settings button', () => workspace.slack.press(BEN, home(), 'settings'), 'views.open'],
  // The entry of the audit is written before the settings are stored, and has the name of the person.
  ['submitted settings', () => workspace.slack.submit(BEN, { direct: [] }), 'users.info'],
  ['a refused approval', () => workspace.slack.press(ANA, ts, 'approve'), 'nothing'],
  ['the first of two approvals', () => workspace.slack.press(BEN, ts, 'approve'), 'nothing'],
  ['an undone approval', () => workspace.slack.press(BEN, ts, 'undo_approval'), 'nothing'],
  [
    'the approval that decides',
    async () => workspace.slack.press(BEN, await ask('one', 1), 'approve'),
    'nothing',
  ],
  [
    'the Cancel order button',
    async () => workspace.slack.press(BEN, await askWithProgress(), cancelOrderAction),
    CHECK,
  ],
  ['/trade cancel of an approved request', () => workspace.slack.say(BEN, '/trade cancel one'), 'nothing'],
  ['the Decline button', () => workspace.slack.press(CHLOE, ts, 'decline'), 'views.open'],
  ['the submitted reason to decline', () => workspace.slack.submit(CHLOE, { reason: 'Not now' }), 'nothing'],
  // The new request has a link to the message of the earlier one.
  ['the button that resubmits a request', () => workspace.slack.press(CHLOE, ts, 'resubmit'), CHECK_AND_LINK],
];

describe('the bot', () => {
  it.each(userActions)('calls $2 before it answers $0', async (_, userAction, expected) => {
    await working;
    before = ['nothing was answered'];
    await userAction();
    await working;
    expect(before.toSorted().join(' and ')).toBe(expected === 'nothing' ? '' : expected);
  });
});

/** A reply to the approved request, with the button of an order that waits. */
async function askWithProgress(): Promise<string> {
  const button = { label: 'Cancel order', action: cancelOrderAction };
  const report = { emoji: ':hourglass:', text: 'The order waits.', at: new Date().toISOString(), button };
  const view = progressView(report, { execution: 'one', id: approval({}).id });
  const posted = await workspace.client.chat.postMessage({ channel: CHANNEL, ...view });
  return posted.ts ?? '';
}

async function ask(execution: string, approvals: number): Promise<string> {
  const at = (offset: number) => new Date(Date.now() + offset).toISOString();
  const asked = approval({
    execution,
    executionArn: execution,
    policy: { approvals, approvers: [BEN, CHLOE] },
    outstanding: approvals,
    approversResolvedAt: at(0),
    deadline: at(900_000),
  });
  await tables.approvals.create(asked, `token-${execution}`);
  const posting = { approvals: tables.approvals, slack: workspace.client, now: () => new Date() };
  const posted = await postApproval(posting, asked);
  called.length = 0;
  return posted;
}

function openDoor(): void {
  const now = () => new Date();
  const log = () => {};
  const receiver = createReceiver({
    signingSecret: async () => app.signingSecret,
    slackApiUrl: workspace.slack.apiUrl,
    now,
    log,
  });
  const executions: Executions = {
    start: async () => 'started',
    arnsOf: (name) => [name],
    stop: async () => {},
    describe: async () => ({ status: 'SUCCEEDED', input: { symbol: 'AMZN' } }),
    resume: async () => 'resumed',
  };
  const bot = publicBot({
    receiver,
    botToken: async () => app.botToken,
    slackApiUrl: workspace.slack.apiUrl,
    approvals: tables.approvals,
    audit: tables.audit,
    identityOf: cachedIdentities(() => new Date()),
    people: tables.people,
    resolvedApprovers: tables.resolvedApprovers,
    starts: tables.starts,
    maxRequestsPerHour: 30,
    peopleRules,
    checkPerson: cachedCheck('none', now),
    channelsOf: cachedChannels(now, log),
    executions,
    approvers: [BEN, CHLOE],
    command,
    now,
    log,
  });
  createTradingApp({
    ...bot,
    ...bot.dependencies,
    ...emptyAccount,
    reservations: () => ({ requestCancel: async (_, by) => ({ cancelRequested: by }) }),
    now,
    channel: CHANNEL,
    stateMachineArn: 'trading',
    rules: { symbols: ['AMZN'], defaultQuantity: 10 },
  });
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    const event: Partial<LambdaFunctionURLEvent> = {
      headers: { ...request.headers } as Record<string, string>,
      body,
      isBase64Encoded: false,
    };
    called.length = 0;
    working = receiver.receive(
      event as LambdaFunctionURLEvent,
      ({ statusCode = 200, headers, body: said }) => {
        before = [...called];
        response.writeHead(statusCode, headers as Record<string, string>).end(said);
      },
    );
  };
  door.on('request', (request, response) => void pass(request, response));
}
