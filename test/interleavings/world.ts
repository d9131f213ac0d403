// The world of one interleaving: an execution that waits for a decision, the real bot and functions, and a Slack, a
// DynamoDB and a Step Functions whose every call waits for its turn. Called by the play.
import { cachedIdentities } from '../../slack/identities.ts';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { WebClient } from '@slack/web-api';
import { progressReports } from '../../aws/progress.ts';
import { approvalId, approvalsTable } from '../../aws/approvals-table.ts';
import type { AuditCopies } from '../../aws/audit-copies.ts';
import { auditCursor } from '../../aws/audit-cursor.ts';
import { auditTable } from '../../aws/audit-table.ts';
import type { AuditEntry } from '../../domain/audit.ts';
import { memoryCopies } from '../support/memory-copies.ts';
import { completionsTable } from '../../aws/completions-table.ts';
import { executions } from '../../aws/executions.ts';
import { paperBroker } from '../../aws/trading/paper-broker.ts';
import { reservations } from '../../aws/trading/reservations.ts';
import { type ResolvedApproversTable, resolvedApproversTable } from '../../aws/resolved-approvers-table.ts';
import { type PreferencesTable, preferencesTable } from '../../aws/preferences-table.ts';
import { createApp } from '../../bot/app.ts';
import { createReceiver, type LambdaReceiver } from '../../bot/receiver.ts';
import { digest } from '../../domain/digest.ts';
import { command } from '../support/approvals.ts';
import { type Clock, createClock } from './clock.ts';
import type { Command } from './checked-input.ts';
import { type InProcessDynamoDB, inProcessDynamoDB } from './dynamodb.ts';
import type { Watch } from './dynamodb-store.ts';
import { createExecution, type Execution, EXECUTION, STATE_MACHINE, TOKEN } from './execution.ts';
import { createPresses, type Presses, SECRET } from './presses.ts';
import { createQueues, type Queues } from './queues.ts';
import { API, createSlack, type FakeSlack } from './slack.ts';
import { BEN, CHLOE, DANA, inputOf, policyOf, rules, type Setting, START } from './trade.ts';
import { createTurns, type Turns } from './turns.ts';
import { workers } from './workers.ts';
import { steadyMarket } from '../support/steady-market.ts';
import { peopleRules } from '../support/people-rules.ts';
import { cachedChannels } from '../../slack/channel-membership.ts';
import { cachedCheck } from '../../slack/check-person.ts';
import { startsTable } from '../../aws/starts-table.ts';
import { unpostedNotices } from '../../aws/unposted-notices.ts';

export const KEY = { execution: 'AMZN-3f9c', id: approvalId(digest(TOKEN)) };

export interface World {
  readonly setting: Setting;
  readonly clock: Clock;
  readonly turns: Turns;
  readonly slack: FakeSlack;
  readonly database: InProcessDynamoDB;
  /** The copies of the audit, by their keys. */
  readonly copies: ReadonlyMap<string, AuditEntry>;
  readonly execution: Execution;
  readonly people: PreferencesTable;
  readonly queues: Queues;
  readonly presses: Presses;
  /** When the wait ends, in milliseconds since the epoch. */
  readonly deadline: number;
  /** What was made to break: the checks ask less where something did. */
  readonly broken: string[];
  /** What happened, in its order, for whoever must find out why a check failed. */
  readonly history: string[];
}

const TOKEN_OF_BOT = 'xoxb-test';
const GROUP = [BEN, CHLOE, DANA];
const log = () => {};

/** @param watch told of each write to a table at the moment it happens */
export function openWorld(setting: Setting, watch: Watch): World {
  const turns = createTurns();
  const slack = createSlack(turns, GROUP);
  globalThis.fetch = slack.fetch;
  const deadline = START + setting.timeoutSeconds * 1_000;
  const expire = () => execution.end('expired', ['waiting'], { approval: { outcome: 'expired' } });
  const clock = createClock(START, deadline, expire);
  const queues: Queues = createQueues(turns, () => functions, clock.now);
  const input = inputOf(setting);
  const execution = createExecution({
    turns,
    input,
    trade: (approval) => queues.send('orders', { ...input, approval }),
    publish: (message) => queues.send('results', message),
  });
  const database = inProcessDynamoDB(tables, watch);
  void database.send(keepPrice());
  const bucket = memoryCopies();
  const copies: AuditCopies = { put: (entry) => turns.call('PutObjectCommand', () => bucket.put(entry)) };
  const shared = {
    ...overTables(turns, database, clock.read),
    copies,
    execution,
    queues,
    now: clock.read,
    log,
  };
  const { requester } = setting;
  const functions = workers({ ...shared, slack: webClient(), requester });
  const presses = createPresses({ turns, slack, receiver: openBot(shared), now: clock.now });
  if (setting.looked) look(setting, turns, shared.resolvedApprovers);
  ask(input, setting, queues);
  const told = { deadline, broken: [], history: [] };
  const { people } = shared;
  const { entries } = bucket;
  return {
    setting,
    clock,
    turns,
    slack,
    database,
    copies: entries,
    execution,
    people,
    queues,
    presses,
    ...told,
  };
}

/** The price is that at which the trade was asked, so that its order is filled at once. */
function keepPrice(): PutItemCommand {
  const events = steadyMarket('AMZN', 182.2, { from: new Date(START), minutes: 60 });
  return new PutItemCommand({ TableName: 'Ledger', Item: marshall({ account: 'market AMZN', events }) });
}

/** Somebody asked before: who the approvers are was looked up, or is at this moment. */
function look(setting: Setting, turns: Turns, table: ResolvedApproversTable): void {
  const { approvers } = policyOf(setting);
  const userIds = approvers.includes('S0RISK') ? GROUP : approvers;
  const resolvedAt = new Date(START - 60_000).toISOString();
  const put = () => table.put(approvers, { userIds, resolvedAt });
  turns.start('look', put, () => {});
}

/** As the state machine does it. */
function ask(Input: object, { timeoutSeconds: TimeoutSeconds }: Setting, queues: Queues): void {
  const EnteredTime = new Date(START).toISOString();
  queues.send('requests', { Input, TaskToken: TOKEN, ExecutionId: EXECUTION, EnteredTime, TimeoutSeconds });
}

function webClient(): () => Promise<WebClient> {
  const web = new WebClient(TOKEN_OF_BOT, {
    slackApiUrl: API,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
  return async () => web;
}

const tables = {
  Approvals: {
    keys: ['execution', 'id'],
    indexes: { open: ['open', 'deadline'], nextCheck: ['open', 'nextCheckAt'] },
  },
  Audit: { keys: ['month', 'id'] },
  Ledger: { keys: ['account'] },
};

/** Made once: to make one takes longer than all that it is used for here. */
const dynamodb = new DynamoDBClient();

function overTables(turns: Turns, database: InProcessDynamoDB, now: () => Date) {
  const send = (sent: Command) => turns.call(sent.constructor.name, () => database.send(sent));
  const client: DynamoDBClient = Object.assign(Object.create(dynamodb), { send });
  return {
    approvals: approvalsTable(client, 'Approvals'),
    progress: progressReports(client, 'Approvals'),
    audit: auditTable(client, 'Audit'),
    auditCursor: auditCursor(client, 'Approvals'),
    completions: completionsTable(client, 'Approvals'),
    resolvedApprovers: resolvedApproversTable(client, 'Approvals'),
    people: preferencesTable(client, 'Approvals'),
    starts: startsTable(client, 'Approvals'),
    unpostedNotices: unpostedNotices(client, 'Approvals'),
    broker: paperBroker(client, 'Ledger', now),
    reservations: reservations(client, 'Ledger', 'paper'),
  };
}

type Shared = ReturnType<typeof overTables> & { readonly execution: Execution; readonly now: () => Date };

function openBot({
  execution,
  now,
  approvals,
  audit,
  people,
  resolvedApprovers,
  starts,
}: Shared): LambdaReceiver {
  const receiver = createReceiver({
    signingSecret: async () => SECRET,
    slackApiUrl: 'http://127.0.0.1/api/',
    now,
    log,
  });
  createApp({
    receiver,
    botToken: async () => TOKEN_OF_BOT,
    slackApiUrl: API,
    approvals,
    audit,
    people,
    resolvedApprovers,
    starts,
    maxRequestsPerHour: 30,
    peopleRules,
    // Each press has its own execution environment here, so nothing is cached between presses.
    checkPerson: (user, web) => cachedCheck('none', now)(user, web),
    identityOf: (user, web) => cachedIdentities(now)(user, web),
    channelsOf: (user, web) => cachedChannels(now, log)(user, web),
    executions: executions(execution.client, [STATE_MACHINE]),
    approvers: rules.approvers,
    command,
    now,
    log,
  });
  return receiver;
}
