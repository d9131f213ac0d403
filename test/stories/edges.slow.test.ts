// Tests rare events through the front door: invalid records, foreign messages, a Slack that limits or refuses, stopped
// and redriven executions, a new version of the stack, and interactions without a listener.
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { RedriveExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Message } from '../../local/slack/slack.ts';
import { synthesise } from '../../local/synthesise.ts';
import {
  ANA,
  BEN,
  CHLOE,
  hasButtons,
  openTradingDesk,
  operator,
  type TradingDesk,
} from '../support/trading-desk.ts';

/** SQS gives a record back after two minutes, ten times. */
const ALL_TRIES = 10 * 121_000;
let desk: TradingDesk;

beforeAll(async () => {
  desk = await openTradingDesk();
});

afterAll(async () => {
  await desk.stop();
});

const posts = () => desk.slack.messages().filter(({ threadTs }) => !threadTs);

const deadLetters = async (queue: string): Promise<number> => {
  const QueueUrl = await desk.queueUrl(`${queue}DeadLetters`);
  const { Attributes } = await desk.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(Attributes?.['ApproximateNumberOfMessages']);
};

/** What the functions and the bot logged under this name. */
function logged(event: string): readonly Record<string, unknown>[] {
  return desk.events
    .filter((each) => each.event === 'function_logged' && String(each['line']).includes(`"${event}"`))
    .map(({ line }) => JSON.parse(String(line)));
}

function newest(): Message {
  const message = posts().at(-1);
  if (!message) throw new Error('Nothing was posted.');
  return message;
}

const sender = {
  user: { id: ANA },
  user_id: ANA,
  text: 'all',
  trigger_id: 'trigger',
  response_url: 'https://hooks.slack.com/commands/1',
};
const unknownView = {
  id: 'V1',
  type: 'modal',
  callback_id: 'sell_everything',
  private_metadata: '',
  state: { values: {} },
  blocks: [],
};
const request = { title: 'Buy 1 AMZN', amount: 200, facts: [], reason: 'cheap' };
const record = {
  Input: { request },
  TaskToken: 'a-token-of-nobody',
  ExecutionId: 'arn:aws:states:us-east-1:000000000000:execution:somebody-elses:run',
  EnteredTime: '2026-11-02T10:00:00.000Z',
  TimeoutSeconds: 900,
};

describe('edge cases', () => {
  it.each<[string, string]>([
    ['text that is not JSON', 'hello'],
    ['no token', JSON.stringify({ ...record, TaskToken: undefined })],
    ['an invalid amount', JSON.stringify({ ...record, Input: { request: { ...request, amount: -1 } } })],
    ['250 KB', JSON.stringify({ ...record, Input: { request: { ...request, facts: 'x'.repeat(250_000) } } })],
    ['an unknown state machine', JSON.stringify(record)],
  ])('a record with %s goes to the dead letters alone, and the others are posted', async (_, MessageBody) => {
    const before = await deadLetters('Requests');
    const QueueUrl = await desk.queueUrl('RequestsQueue');
    await Promise.all([
      desk.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody })),
      desk.start({ symbol: 'MSFT', quantity: 2 }),
    ]);
    await desk.cloud.settled();
    expect(newest().text).toContain('2 MSFT');
    await desk.cloud.advance(ALL_TRIES);
    expect((await deadLetters('Requests')) - before).toBe(1);
  });

  it('a foreign message in the queue of results is logged and not posted', async () => {
    const before = desk.slack.messages().length;
    const QueueUrl = await desk.queueUrl('RelayedResultsQueue');
    for (const MessageBody of [
      '{"hello":1}',
      JSON.stringify({ ...record, Input: { result: { outcome: 'done' } } }),
    ])
      await desk.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    await desk.cloud.settled();
    expect(desk.slack.messages()).toHaveLength(before);
    expect(logged('result_from_unknown_state_machine')).toHaveLength(2);
  });

  it('a request that Slack rate-limits repeatedly is posted in the end, without a dead letter', async () => {
    const letters = await deadLetters('Requests');
    desk.slack.refuse('chat.postMessage', 'ratelimited', { retryAfterSeconds: 20 });
    const before = posts().length;
    await Promise.all([3, 4, 5].map((quantity) => desk.start({ symbol: 'AMZN', quantity })));
    // Each put back more often than a queue delivers; how many at once, the turns decide.
    await desk.cloud.advance(12 * 20_000);
    expect(posts()).toHaveLength(before);
    expect(logged('message_requeued').length).toBeGreaterThan(15);
    desk.slack.stopFailing('chat.postMessage');
    await desk.cloud.advance(60_000);
    expect(posts()).toHaveLength(before + 3);
    expect(await deadLetters('Requests')).toBe(letters);
  });

  it.each([
    ['channel_not_found', /^Invite the bot to the channel, or correct the setting "channel"/],
    ['not_in_channel', /^Invite the bot to the channel: \/invite @Countersign/],
    ['invalid_auth', /Copy the bot token from .* Put it into the secret/],
    [
      'token_revoked',
      /install it again under Install App\. Copy the bot token from .* Put it into the secret/,
    ],
  ])(
    'after %s the log names a remedy, and the request is posted once that is done',
    async (error, remedy) => {
      desk.slack.refuse('chat.postMessage', error);
      const before = posts().length;
      await desk.start({ symbol: 'AMZN', quantity: 6 });
      await desk.cloud.advance(121_000);
      expect(posts()).toHaveLength(before);
      const failed = [...logged('record_failed'), ...logged('channel_unreachable')].filter(({ message }) =>
        String(message).includes(error),
      );
      expect(failed.at(-1)).toMatchObject({
        remedy: expect.stringMatching(remedy),
      });
      desk.slack.stopFailing('chat.postMessage');
      await desk.cloud.advance(121_000);
      expect(posts()).toHaveLength(before + 1);
    },
  );

  it('a person whose press is recorded is told so if Slack refuses the update', async () => {
    const message = await desk.ask('/trade NVDA 500');
    desk.slack.refuse('chat.update', 'ratelimited', { retryAfterSeconds: 30 });
    expect((await desk.press(BEN, message, 'approve')).status).toBe(200);
    expect(desk.privately(BEN).at(-1)).toMatch(
      /^:warning: What you did is recorded, but the message could not/,
    );
    desk.slack.stopFailing('chat.update');
    await desk.cloud.advance(300_000);
    expect(desk.now(message).text).toMatch(/^1 of 2 approvals: <@U0BEN> at/m);
    await desk.decline(ANA, message);
  });

  it('a redriven execution asks again; the earlier message says so, and only the new one can be decided', async () => {
    const executionArn = await desk.start({ symbol: 'GOOGL', quantity: 3 });
    const first = newest();
    await desk.sfn.send(new StopExecutionCommand({ executionArn, cause: 'Lunch' }));
    await desk.cloud.settled();
    await desk.cloud.advance(1_000);
    await desk.sfn.send(new RedriveExecutionCommand({ executionArn }));
    await desk.cloud.settled();
    const second = newest();
    expect(second.ts).not.toBe(first.ts);
    expect(desk.now(first).text).toMatch(
      /^Cancelled: .*\n.*Lunch.* Resubmitted, because its execution was redriven, at /,
    );
    expect(hasButtons(desk.now(first))).toBe(false);
    for (const person of [BEN, CHLOE]) await desk.press(person, second, 'approve');
    expect(desk.now(second).text).toMatch(/^Filled: /);
    expect((await desk.execution(executionArn)).status).toBe('SUCCEEDED');
    expect(desk.replies(first)).toHaveLength(1);
    expect(desk.replies(second)).toHaveLength(1);
  });

  it('a redrive that arrives before the event of the end is posted too', async () => {
    const executionArn = await desk.start({ symbol: 'GOOGL', quantity: 4 });
    const first = newest();
    await desk.sfn.send(new StopExecutionCommand({ executionArn, cause: 'Too soon' }));
    await desk.sfn.send(new RedriveExecutionCommand({ executionArn }));
    await desk.cloud.settled();
    await desk.cloud.advance(300_000);
    const second = newest();
    expect(second.ts).not.toBe(first.ts);
    expect(hasButtons(desk.now(first))).toBe(false);
    expect(hasButtons(desk.now(second))).toBe(true);
    await desk.decline(BEN, second, 'No');
    expect(desk.now(second).text).toMatch(/^Declined: /);
  });

  it('every failure of a redriven execution is posted', async () => {
    const executionArn = await desk.start({ symbol: 'AMZN', quantity: 0 });
    const told = () => posts().filter(({ text }) => text.includes(String(executionArn.split(':').at(-1))));
    expect(told()).toHaveLength(1);
    await desk.cloud.advance(1_000);
    await desk.sfn.send(new RedriveExecutionCommand({ executionArn }));
    await desk.cloud.settled();
    expect(told()).toHaveLength(2);
    await desk.redeliver('EndedExecutions');
    await desk.cloud.settled();
    expect(told()).toHaveLength(2);
  });

  it('a new version of the stack keeps the approvers and the deadline of pending requests', async () => {
    const message = await desk.ask('/trade MSFT 8');
    const next = mkdtempSync(join(tmpdir(), 'countersign-next-'));
    try {
      await synthesise(next, ['-c', 'approvers=U0ANA,U0DANA', '-c', 'approvalTimeoutSeconds=300']);
      await desk.cloud.update(next);
      const after = await desk.ask('/trade MSFT 9');
      expect(after.text).toContain('from <@U0DANA> by');
      await desk.cloud.advance(400_000);
      expect(desk.now(after).text).toMatch(/^Expired: /);
      await desk.press('U0DANA', message, 'approve');
      expect(desk.privately('U0DANA').at(-1)).toContain('you are not among its approvers');
      await desk.press(BEN, message, 'approve');
      expect(desk.now(message).text).toMatch(/^Filled: .*\nApproved by <@U0BEN>/);
    } finally {
      await desk.cloud.update(inject('assembly'));
      rmSync(next, { recursive: true });
    }
  });

  it.each([
    [
      'an action',
      {
        type: 'block_actions',
        actions: [{ type: 'button', action_id: 'sell_everything', block_id: 'b', action_ts: '1.1' }],
      },
    ],
    ['a modal', { type: 'view_submission', view: unknownView }],
    ['a command', { command: '/sell' }],
  ])('%s without a listener gets 404 and a log line with a reference', async (_, what) => {
    const before = logged('request_not_acknowledged').length;
    const answer = await send({ ...what, ...sender });
    expect(answer.status).toBe(404);
    const lines = logged('request_not_acknowledged').slice(before);
    expect(lines).toMatchObject([{ reference: expect.stringMatching(/^[0-9a-f]{8}$/) }]);
    expect(await answer.text()).toBe(lines[0]?.['reference']);
  });
});

/** Sends it to the bot as Slack would, signed. */
async function send(payload: object): Promise<Response> {
  const secrets = new SecretsManagerClient({ ...operator, endpoint: desk.cloud.url });
  const { SecretString = '{}' } = await secrets.send(
    new GetSecretValueCommand({ SecretId: desk.cloud.outputs['SecretName'] }),
  );
  secrets.destroy();
  const command = 'command' in payload;
  const fields: [string, string][] = command
    ? Object.entries(payload).map(([name, value]) => [name, String(value)])
    : [['payload', JSON.stringify(payload)]];
  const body = new URLSearchParams(fields).toString();
  const timestamp = String(Math.floor(desk.clock.now() / 1_000));
  const { signingSecret } = JSON.parse(SecretString);
  const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return fetch(desk.cloud.outputs['BotUrl'] ?? '', {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
  });
}
