// Tests `pressedOn` as the listener of a workflow's bot calls it: signed presses of a button on progress in the local
// Slack, by each kind of person.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ButtonListener } from '../../bot/listeners/listener.ts';
import type { Pressed } from '../../bot/pressed-by.ts';
import { publicBot } from '../../bot/public-bot.ts';
import { createReceiver } from '../../bot/receiver.ts';
import type { Approval, Result } from '../../domain/approval.ts';
import type { Guests } from '../../domain/ineligibility.ts';
import { cachedCheck } from '../../slack/check-person.ts';
import { postApproval } from '../../slack/messages/post-approval.ts';
import { progressView } from '../../slack/views/progress-reply.ts';
import { approval, command } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { newPress } from '../support/action-request.ts';
import { app, CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';

const now = () => new Date('2026-11-02T10:05:00.000Z');
const button = { label: 'Stop', action: 'deploy-stop' };
const report = { text: 'Working.', emoji: ':rocket:', at: now().toISOString(), button };
const door = createServer();
let guests: Guests = 'none';
let tables: TestTables;
let workspace: SlackWorkspace;
let pressed: (Pressed | undefined)[] = [];
let working: Promise<void>;
let count = 0;

beforeAll(async () => {
  tables = await startTables();
  await new Promise<void>((opened) => door.listen(0, '127.0.0.1', opened));
  const { port } = door.address() as AddressInfo;
  workspace = await openSlackWorkspace(() => `http://127.0.0.1:${port}/`);
  openDoor();
});
beforeEach(() => {
  [pressed, guests] = [[], 'none'];
});
afterAll(async () => {
  tables.close();
  door.close();
  await workspace.slack.close();
});

/** The bot of a workflow, with a listener for its button. */
function openDoor(): void {
  const nothing: any = {};
  const receiver = createReceiver({
    signingSecret: async () => app.signingSecret,
    slackApiUrl: workspace.slack.apiUrl,
    now: () => new Date(),
    log: () => {},
  });
  const bot = publicBot({
    ...nothing,
    ...tables,
    receiver,
    botToken: async () => app.botToken,
    slackApiUrl: workspace.slack.apiUrl,
    // Not cached, so that tests change the rules about guests.
    checkPerson: (user, slack) => cachedCheck(guests, now)(user, slack),
    command,
    now,
    log: () => {},
  });
  const own = bot.createApp(bot.dependencies);
  const listener: ButtonListener = async ({ action, body, ack, client }) => {
    pressed.push(await bot.pressedOn(action.value, body.user.id, client));
    await ack();
  };
  own.action(button.action, listener);
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const body = Buffer.concat(await Array.fromAsync(request)).toString();
    const event: Partial<LambdaFunctionURLEvent> = {
      headers: { ...request.headers } as Record<string, string>,
      body,
      isBase64Encoded: false,
    };
    working = receiver.receive(
      event as LambdaFunctionURLEvent,
      ({ statusCode = 200, headers, body: said }) => {
        response.writeHead(statusCode, headers as Record<string, string>).end(said);
      },
    );
  };
  door.on('request', (request, response) => void pass(request, response));
}

/** A request in progress, and the `ts` of the reply with its button. */
async function shown(differences: Partial<Approval> = {}): Promise<{ made: Approval; reply: string }> {
  const execution = `pressed-${(count += 1)}`;
  const made = approval({ execution, executionArn: `arn:${execution}`, ...differences });
  await tables.approvals.create(made, `token-${execution}`);
  const thread_ts = await postApproval({ approvals: tables.approvals, slack: workspace.client, now }, made);
  const view = progressView(report, made);
  const { ts = '' } = await workspace.client.chat.postMessage({ channel: CHANNEL, thread_ts, ...view });
  return { made, reply: ts };
}

async function press(by: string, reply: string): Promise<Pressed | undefined> {
  const { status } = await workspace.slack.press(by, reply, button.action);
  expect(status).toBe(200);
  await working;
  return pressed.at(-1);
}

describe('pressedOn', () => {
  it('finds the approval', async () => {
    const { made, reply } = await shown();
    expect(await press('U0BEN', reply)).toEqual({
      execution: made.execution,
      executionArn: made.executionArn,
      channel: made.channel,
      ts: expect.any(String),
      approval: made.id,
      isOver: false,
      mayAct: true,
    });
  });

  it.each([
    ['the requester', 'U0ANA', true],
    ['an approver', 'U0CHLOE', true],
    ['a colleague', 'U0SAM', false],
    ['an approver who was deactivated', 'U0FRED', false],
    ['an approver of another workspace', 'U0EVE', false],
    ['an approver who is a guest', 'U0GINA', false],
  ])('says whether %s may act', async (_, by, mayAct) => {
    const { reply } = await shown({
      effectiveApprovers: ['U0BEN', 'U0CHLOE', 'U0FRED', 'U0EVE', 'U0GINA'],
    });
    expect(await press(by, reply)).toMatchObject({ mayAct });
  });

  it('lets guests act if the setting allows it', async () => {
    guests = 'full';
    const { reply } = await shown({ effectiveApprovers: ['U0GINA'] });
    expect(await press('U0GINA', reply)).toMatchObject({ mayAct: true });
  });

  it.each<Result['outcome']>(['done', 'failed', 'unfilled', 'cancelled'])(
    'says that it is over after the result %s, at once',
    async (outcome) => {
      const { made, reply } = await shown();
      await tables.approvals.approve(made, 'U0BEN', now().toISOString(), newPress());
      expect(await press('U0BEN', reply)).toMatchObject({ isOver: false });
      await tables.approvals.settle(made, { outcome }, now());
      expect(await press('U0BEN', reply)).toMatchObject({ isOver: true, mayAct: true });
    },
  );

  it('says that it is over as soon as the request is cancelled', async () => {
    const { made, reply } = await shown();
    await tables.approvals.cancel(made, { by: 'U0ANA', at: now().toISOString() }, newPress());
    expect(await press('U0BEN', reply)).toMatchObject({ isOver: true });
  });

  it.each(['', '{}', 'null', '{"execution":"unknown","id":"approval-1"}', '{"execution":"a:b","id":"x"}'])(
    'finds nothing by the value %j',
    async (value) => {
      const { reply } = await shown();
      await press('U0BEN', reply);
      const sent = workspace.slack.lastRequest();
      const payload = JSON.parse(new URLSearchParams(sent?.body).get('payload') ?? '');
      payload.actions[0].value = value;
      const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
      if (sent) await workspace.slack.redeliver({ ...sent, body });
      await working;
      expect(pressed).toHaveLength(2);
      expect(pressed.at(-1)).toBeUndefined();
    },
  );
});
