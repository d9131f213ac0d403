// Tests button presses while a service is unavailable: real Bolt, real signatures, a real table, and a stand-in for
// Step Functions that fails on demand.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Approvals } from '../../../aws/approvals-table.ts';
import type { Executions } from '../../../aws/executions.ts';
import { createApp } from '../../../bot/app.ts';
import { createReceiver } from '../../../bot/receiver.ts';
import { approvalMessage } from '../../../slack/views/approval-message.ts';
import { postApproval } from '../../../slack/messages/post-approval.ts';
import type { Approval } from '../../../domain/approval.ts';
import { digestTerms, type Terms } from '../../../domain/terms.ts';
import { approval, command } from '../../support/approvals.ts';
import { startTables, type TestTables } from '../../support/dynamodb.ts';
import { app, CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../../support/slack-workspace.ts';
import { peopleRules } from '../../support/people-rules.ts';
import { cachedChannels } from '../../../slack/channel-membership.ts';
import { cachedCheck } from '../../../slack/check-person.ts';

const BEN = 'U0BEN';
const CHLOE = 'U0CHLOE';
let tables: TestTables;
let approvals: Approvals;
let workspace: SlackWorkspace;
let resume: Executions['resume'];
let recordShown: Approvals['recordShown'];
const resumed: object[] = [];
const logged: object[] = [];
const door = createServer();

beforeAll(async () => {
  tables = await startTables();
  ({ approvals } = tables);
  await new Promise<void>((opened) => door.listen(0, '127.0.0.1', opened));
  const address = door.address();
  const requestUrl = () => (typeof address === 'object' ? `http://127.0.0.1:${address?.port}/` : '');
  workspace = await openSlackWorkspace(requestUrl);
  openDoor();
});

afterAll(async () => {
  tables.close();
  door.close();
  await workspace.slack.close();
});

beforeEach(() => {
  resumed.length = 0;
  recordShown = (...shown) => approvals.recordShown(...shown);
  resume = async (_, output) => {
    resumed.push(output);
    return 'resumed';
  };
});

describe('decision buttons', () => {
  it('keep a decision that could not be sent, show a reference, and send it with the next press by anyone', async () => {
    const asked = await ask();
    resume = async () => {
      throw new Error('Step Functions is away');
    };
    await workspace.slack.press(BEN, asked.ts, 'approve');
    const reference = /reference `([0-9a-f]{8})`/.exec(workspace.privately(BEN))?.[1];
    expect(logged.at(-1)).toMatchObject({
      event: 'request_failed',
      reference,
      message: 'Step Functions is away',
    });
    expect(await approvals.get(asked.key)).toMatchObject({ status: 'approved', decision: { by: BEN } });

    resume = async (_, output) => {
      resumed.push(output);
      return 'resumed';
    };
    await workspace.slack.press(CHLOE, asked.ts, 'decline');
    expect(resumed).toEqual([expect.objectContaining({ outcome: 'approved', by: BEN, id: asked.key.id })]);
    expect(JSON.stringify(workspace.slack.modal(CHLOE))).toContain(
      'Already decided. Approved: *Buy 10 AMZN, total USD\u00A01,822.00*. Approved by <@U0BEN>',
    );
    expect(workspace.shown(asked.ts).text).toMatch(/^Approved: /);
    workspace.slack.closeModal(CHLOE);
    expect(await approvals.get(asked.key)).toHaveProperty('sentAt');
  });

  it('report an error to the person whose modal is already closed', async () => {
    const asked = await ask();
    recordShown = async () => {
      throw new Error('The table is away');
    };
    await decline(CHLOE, asked.ts);
    expect(workspace.slack.modal(CHLOE)).toBeUndefined();
    expect(await approvals.get(asked.key)).toMatchObject({ status: 'declined', decision: { by: CHLOE } });
    const reference = /reference `([0-9a-f]{8})`/.exec(workspace.privately(CHLOE))?.[1];
    expect(logged.at(-1)).toMatchObject({ event: 'request_failed', reference, message: 'The table is away' });
  });

  it('keep the decision and tell the person if the execution has stopped waiting', async () => {
    const asked = await ask();
    resume = async () => 'not_waiting';
    await workspace.slack.press(BEN, asked.ts, 'approve');
    expect(workspace.privately(BEN)).toContain('The result will be in the thread.');
    expect(await approvals.get(asked.key)).toMatchObject({ status: 'approved' });
    expect(workspace.shown(asked.ts).text).toMatch(/^Approved: .*\nApproved by <@U0BEN>/);
  });

  it('show a decision that was made before the message timestamp was recorded', async () => {
    const made = approval({ execution: 'early', ...current() });
    const { ts = '' } = await workspace.client.chat.postMessage({
      channel: CHANNEL,
      ...approvalMessage(made),
    });
    await approvals.create(made, 'token-early');
    await decline(BEN, ts);
    expect(await approvals.get(made)).toMatchObject({ ts, status: 'declined' });
    expect(workspace.shown(ts).text).toMatch(/^Declined: .*\nDeclined by <@U0BEN>/);
  });

  it('remove the buttons of a duplicate message when it is pressed', async () => {
    const asked = await ask();
    const { ts: twin = '' } = await workspace.client.chat.postMessage({
      channel: CHANNEL,
      ...approvalMessage(asked.key),
    });
    await workspace.slack.press(BEN, asked.ts, 'approve');
    await workspace.slack.press(CHLOE, twin, 'approve');
    expect(workspace.shown(twin).text).toMatch(/^Approved: /);
    expect(JSON.stringify(workspace.shown(twin).blocks)).not.toContain('"approve"');
  });

  it('decide nothing on terms that are not the stored ones, tell the person, and record it', async () => {
    const asked = await ask({ terms: digestTerms({ limit: 182 }) });
    const earlier = { ...asked.key, terms: digestTerms({ limit: 180 }) };
    await workspace.client.chat.update({ channel: CHANNEL, ts: asked.ts, ...approvalMessage(earlier) });
    const told =
      'Nothing was decided: *Buy 10 AMZN, total USD\u00A01,822.00* was changed after this message was shown to you. Read it again, then press.';
    await workspace.slack.press(BEN, asked.ts, 'approve');
    expect(workspace.privately(BEN)).toContain(told);
    // The press updated the message. It was shown before.
    await workspace.client.chat.update({ channel: CHANNEL, ts: asked.ts, ...approvalMessage(earlier) });
    await workspace.slack.press(CHLOE, asked.ts, 'decline');
    expect(JSON.stringify(workspace.slack.modal(CHLOE))).toContain(told);
    workspace.slack.closeModal(CHLOE);
    expect(await approvals.get(asked.key)).toMatchObject({ status: 'pending', votes: {}, history: [] });
    expect(resumed).toEqual([]);
    const entries = await Array.fromAsync(tables.audit.ofMonth(new Date().toISOString().slice(0, 7)));
    const own = entries.filter(
      (entry) =>
        'refused' in entry &&
        entry.approval === asked.key.id &&
        entry.executionArn === asked.key.executionArn &&
        entry.refused?.why === 'terms_changed',
    );
    expect(own.map(({ by }) => by)).toEqual([BEN, CHLOE]);
    await workspace.slack.press(BEN, asked.ts, 'approve');
    expect(resumed).toEqual([expect.objectContaining({ termsDigest: digestTerms({ limit: 182 }).digest })]);
  });

  it('decide nothing if the terms change while the modal of Decline is open', async () => {
    const asked = await ask({ terms: digestTerms({ limit: 182 }) });
    await workspace.slack.press(CHLOE, asked.ts, 'decline');
    await changeTerms(asked.key, digestTerms({ limit: 190 }));
    await workspace.slack.submit(CHLOE, { reason: 'Too much' });
    expect(workspace.privately(CHLOE)).toContain('was changed after this message was shown to you');
    expect(await approvals.get(asked.key)).toMatchObject({ status: 'pending' });
  });

  it('answer a press on an unknown approval', async () => {
    const { ts = '' } = await workspace.client.chat.postMessage({
      channel: CHANNEL,
      ...approvalMessage(approval({ execution: 'lost' })),
    });
    await workspace.slack.press(CHLOE, ts, 'approve');
    expect(workspace.privately(CHLOE)).toContain('has no record of this request');
    expect(resumed).toEqual([]);
  });
});

async function decline(person: string, ts: string): Promise<void> {
  await workspace.slack.press(person, ts, 'decline');
  await workspace.slack.submit(person, { reason: '' });
}

/** Changes only the terms of the record. */
async function changeTerms({ execution, id }: Approval, terms: Terms): Promise<void> {
  await tables.client.send(
    new UpdateItemCommand({
      TableName: 'Approvals',
      Key: marshall({ execution, id }),
      UpdateExpression: 'SET terms = :terms',
      ExpressionAttributeValues: marshall({ ':terms': terms }),
    }),
  );
}

let count = 0;

async function ask(differences: Partial<Approval> = {}): Promise<{ key: Approval; ts: string }> {
  const key = approval({ execution: `run-${(count += 1)}`, ...current(), ...differences });
  await approvals.create(key, `token-${key.execution}`);
  return { key, ts: await postApproval({ approvals, slack: workspace.client, now: () => new Date() }, key) };
}

function openDoor(): void {
  const now = () => new Date();
  const log = (event: string, fields = {}) => void logged.push({ event, ...fields });
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
    resume: (token, output) => resume(token, output),
  };
  createApp({
    receiver,
    botToken: async () => app.botToken,
    slackApiUrl: workspace.slack.apiUrl,
    approvals: { ...approvals, recordShown: (...shown) => recordShown(...shown) },
    audit: tables.audit,
    identityOf: async () => undefined,
    people: tables.people,
    resolvedApprovers: tables.resolvedApprovers,
    starts: tables.starts,
    maxRequestsPerHour: 30,
    peopleRules,
    checkPerson: cachedCheck('none', now),
    channelsOf: cachedChannels(now, log),
    executions,
    approvers: ['U0BEN', 'U0CHLOE'],
    command,
    now,
    log,
  });
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    const event: Partial<LambdaFunctionURLEvent> = {
      headers: { ...request.headers } as Record<string, string>,
      body,
      isBase64Encoded: false,
    };
    const answer = await receiver.handler(event as LambdaFunctionURLEvent);
    response.writeHead(answer.statusCode ?? 200, answer.headers as Record<string, string>).end(answer.body);
  };
  door.on('request', (request, response) => void pass(request, response));
}

/** As an approval is that was asked just now. */
function current(): Partial<Approval> {
  const at = (offset: number) => new Date(Date.now() + offset).toISOString();
  return { approversResolvedAt: at(0), deadline: at(900_000) };
}
