// Tests the entry of every request: the signature of the raw body is checked first, and Slack gets the same answer
// whether the response is streamed or buffered.
import { createHmac } from 'node:crypto';
import type { App, ReceiverEvent } from '@slack/bolt';
import type { Context, LambdaFunctionURLEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { type Answer, streamed } from '../../bot/invoke-modes.ts';
import { createReceiver, type LambdaReceiver, type ReceiverDependencies } from '../../bot/receiver.ts';
import { DELIMITER } from '../../local/cloud/services/lambda/worker-messages.ts';
import { responseStream } from '../../local/cloud/services/lambda/response-stream.ts';

const SECRET = 'a-signing-secret';
const contextless = {} as Context;
const now = new Date('2026-11-02T10:00:00.000Z');
const seconds = now.getTime() / 1_000;
const form = 'application/x-www-form-urlencoded';

/** What Slack always sends with a slash command. */
const command = {
  command: '/trade',
  text: '',
  user_id: 'U0ANA',
  trigger_id: '1.2',
  response_url: 'https://hooks.slack.com/commands/1',
};
const typed = (differences: Record<string, string> = {}) =>
  new URLSearchParams({ ...command, ...differences }).toString();
const press = {
  type: 'block_actions',
  user: { id: 'U0BEN' },
  actions: [{ type: 'button', action_id: 'approve', block_id: 'b', value: '{}', action_ts: '1.2' }],
  trigger_id: '1.2',
  response_url: 'https://hooks.slack.com/commands/1',
};

interface Sent {
  readonly body?: string;
  readonly timestamp?: number;
  readonly secret?: string;
  readonly contentType?: string;
  readonly base64?: boolean;
  readonly headers?: Record<string, string>;
}

function request({
  body = '',
  timestamp = seconds,
  secret = SECRET,
  contentType = form,
  base64 = true,
  headers,
}: Sent) {
  const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  const signed = {
    'x-slack-request-timestamp': String(timestamp),
    'x-slack-signature': signature,
    'content-type': contentType,
  };
  const event: Partial<LambdaFunctionURLEvent> = {
    headers: headers ?? signed,
    body: base64 ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded: base64,
  };
  return event as LambdaFunctionURLEvent;
}

/** A receiver whose app remembers what came through, and acknowledges with `answer`. */
function receiving(
  answer?: unknown,
  signingSecret: ReceiverDependencies['signingSecret'] = async () => SECRET,
) {
  const events: ReceiverEvent['body'][] = [];
  const logged: string[] = [];
  const receiver = createReceiver({
    signingSecret,
    slackApiUrl: 'https://slack.com/api/',
    now: () => now,
    log: (event) => void logged.push(event),
  });
  const app: Pick<App, 'processEvent'> = {
    processEvent: async ({ body, ack }) => {
      events.push(body);
      if (answer !== null) await ack(answer);
    },
  };
  receiver.init(app as App);
  return { receiver, events, logged };
}

type Ask = (receiver: LambdaReceiver, event: LambdaFunctionURLEvent) => Promise<Answer>;

/** What the client gets of a stream, as the runtime of Lambda sends it. */
const askStreamed: Ask = async ({ receive }, event) => {
  const chunks: Uint8Array[] = [];
  const stream = responseStream((chunk) => void (chunk && chunks.push(chunk)));
  await streamed(receive)(event, Object.assign(stream, { setContentType: () => undefined }), contextless);
  const whole = Buffer.concat(chunks);
  const end = whole.indexOf(DELIMITER);
  const { statusCode, headers } = JSON.parse(whole.toString('utf8', 0, end));
  const body = whole.toString('utf8', end + DELIMITER.length);
  return { statusCode, ...(Object.keys(headers).length > 0 && { headers }), ...(body && { body }) };
};

const modes: readonly (readonly [string, Ask])[] = [
  ['buffered', ({ handler }, event) => handler(event)],
  ['streamed', askStreamed],
];

describe.each(modes)('receiver, %s response', (_mode, ask) => {
  it.each<[string, Sent]>([
    ['a signature made with another secret', { body: 'command=%2Ftrade', secret: 'other' }],
    ['a timestamp six minutes old', { body: 'command=%2Ftrade', timestamp: seconds - 360 }],
    ['a timestamp six minutes ahead', { body: 'command=%2Ftrade', timestamp: seconds + 360 }],
    ['unsigned garbage', { body: '{{{', headers: {} }],
    ['another check of the certificate', { body: 'ssl_check=0', headers: { 'content-type': form } }],
    [
      'a check of the certificate as JSON',
      { body: '{"ssl_check":"1"}', headers: { 'content-type': 'application/json' } },
    ],
    ['no signature', { body: 'a=1', headers: { 'x-slack-request-timestamp': String(seconds) } }],
  ])('answers 401 to %s and passes nothing on', async (_, sent) => {
    const { receiver, events } = receiving();
    expect(await ask(receiver, request(sent))).toMatchObject({ statusCode: 401 });
    expect(events).toEqual([]);
  });

  it.each<[string, Sent]>([
    ['unsigned', { body: 'ssl_check=1&token=abc', headers: { 'content-type': form } }],
    ['with a command in it', { body: `ssl_check=1&${typed()}`, headers: { 'content-type': form } }],
    [
      'with a press in it',
      { body: new URLSearchParams({ ssl_check: '1', payload: JSON.stringify(press) }).toString() },
    ],
    ['signed, with a command in it', { body: typed({ ssl_check: '1' }) }],
  ])("answers 200 to Slack's check of the certificate and passes nothing on: %s", async (_, sent) => {
    const { receiver, events } = receiving();
    expect(await ask(receiver, request(sent))).toEqual({ statusCode: 200 });
    expect(events).toEqual([]);
  });

  it.each<[string, Sent, object]>([
    ['a slash command', { body: typed({ text: 'AMZN 10' }) }, { ...command, text: 'AMZN 10' }],
    ['text that is not ASCII', { body: typed({ text: 'Żółć 🚀' }) }, { ...command, text: 'Żółć 🚀' }],
    ['a press', { body: new URLSearchParams({ payload: JSON.stringify(press) }).toString() }, press],
    ['a charset', { body: typed(), contentType: `${form}; charset=utf-8` }, command],
    ['a content type in capitals', { body: JSON.stringify(press), contentType: 'Application/JSON' }, press],
    ['a body that is not base64', { body: typed(), base64: false }, command],
  ])('passes on %s with a valid signature', async (_, sent, body) => {
    const { receiver, events } = receiving();
    expect(await ask(receiver, request(sent))).toEqual({ statusCode: 200 });
    expect(events).toEqual([body]);
  });

  it('checks the signature on the bytes, also where they are no UTF-8', async () => {
    const body = Buffer.concat([Buffer.from('{"type":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    const signature = createHmac('sha256', SECRET).update(`v0:${seconds}:`).update(body).digest('hex');
    const sent = { contentType: 'application/json' };
    const event = { ...request(sent), body: body.toString('base64') };
    const headers = { ...event.headers, 'x-slack-signature': `v0=${signature}` };
    const { receiver } = receiving();
    expect((await ask(receiver, { ...event, headers })).statusCode).toBe(400);
    const other = body.toString('base64').replace(/.$/, 'x');
    expect((await ask(receiver, { ...event, headers, body: other })).statusCode).toBe(401);
  });

  it('reads the secret again before it refuses, because the secret may just have changed', async () => {
    const asked: (number | undefined)[] = [];
    const changed = async (maxAge?: number) => {
      asked.push(maxAge);
      return maxAge === undefined ? SECRET : 'the new one';
    };
    const { receiver, events } = receiving(undefined, changed);
    const signedAnew = request({ body: typed(), secret: 'the new one' });
    expect(await ask(receiver, signedAnew)).toEqual({ statusCode: 200 });
    expect(events).toHaveLength(1);
    expect(await ask(receiver, request({ body: typed(), secret: 'other' }))).toEqual({ statusCode: 401 });
    expect(asked).toEqual([undefined, 2_000, undefined, 2_000]);
  });

  it('does not read the secret for a request without a signature or with an old timestamp', async () => {
    let asked = 0;
    const { receiver } = receiving(undefined, async () => {
      asked += 1;
      return SECRET;
    });
    await ask(receiver, request({ body: '{{{', headers: {} }));
    await ask(receiver, request({ body: typed(), timestamp: seconds - 360 }));
    expect(asked).toBe(0);
  });

  it.each<[string, Sent]>([
    ['a body that is not a form', { body: 'hello' }],
    ['an empty body', { body: '' }],
    ['a payload that is not JSON', { body: 'payload=%7B' }],
    ['JSON that is not an object', { body: '[1]', contentType: 'application/json' }],
    ['a command without a user', { body: 'command=%2Ftrade&text=' }],
    [
      'a press without a button',
      { body: JSON.stringify({ ...press, actions: [] }), contentType: 'application/json' },
    ],
    [
      'a press without a user',
      { body: JSON.stringify({ ...press, user: null }), contentType: 'application/json' },
    ],
    [
      'a submission without a view',
      { body: JSON.stringify({ ...press, type: 'view_submission' }), contentType: 'application/json' },
    ],
    [
      'an unknown interaction type',
      { body: JSON.stringify({ ...press, type: 'shortcut' }), contentType: 'application/json' },
    ],
  ])('answers 400 to %s with a valid signature', async (_, sent) => {
    const { receiver, events } = receiving();
    expect(await ask(receiver, request(sent))).toEqual({ statusCode: 400 });
    expect(events).toEqual([]);
  });

  it('answers with the acknowledgement of the listener', async () => {
    const sent = request({ body: typed() });
    expect(await ask(receiving('a word').receiver, sent)).toMatchObject({ statusCode: 200, body: 'a word' });
    const { body } = await ask(receiving({ response_action: 'clear' }).receiver, sent);
    expect(body).toBe('{"response_action":"clear"}');
  });

  it('answers the URL verification challenge of Slack', async () => {
    const sent = request({
      body: '{"type":"url_verification","challenge":"c"}',
      contentType: 'application/json',
    });
    expect(await ask(receiving().receiver, sent)).toMatchObject({
      statusCode: 200,
      body: '{"challenge":"c"}',
    });
  });

  it('answers 404 if no listener acknowledges, and logs it', async () => {
    const { receiver, logged } = receiving(null);
    expect(await ask(receiver, request({ body: typed({ command: '/other' }) }))).toMatchObject({
      statusCode: 404,
      body: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
    expect(logged).toEqual(['request_not_acknowledged']);
  });

  it('answers 503 while the secret cannot be read, and 200 without a restart once it can', async () => {
    let readable = false;
    const { receiver, logged } = receiving(undefined, async () => {
      if (!readable) throw new Error('empty');
      return SECRET;
    });
    const sent = request({ body: typed() });
    expect(await ask(receiver, sent)).toEqual({ statusCode: 503 });
    expect(logged).toEqual(['secret_unreadable']);
    readable = true;
    expect(await ask(receiver, sent)).toEqual({ statusCode: 200 });
  });
});

it('receiver answers on acknowledgement if it streams, and when the listener has ended if it does not', async () => {
  const happened: string[] = [];
  const goesOn: Pick<App, 'processEvent'> = {
    processEvent: async ({ ack }) => {
      await ack();
      await new Promise((later) => setTimeout(later, 20));
      happened.push('ended');
    },
  };
  const { receiver } = receiving();
  receiver.init(goesOn as App);
  const sent = request({ body: typed() });
  await receiver.receive(sent, () => happened.push('answered'));
  expect(happened).toEqual(['answered', 'ended']);
  happened.length = 0;
  await receiver.handler(sent).then(() => happened.push('answered'));
  expect(happened).toEqual(['ended', 'answered']);
});
