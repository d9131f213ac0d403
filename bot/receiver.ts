// Passes requests from the Function URL to Bolt: verifies the signature of the raw bytes, parses the body, then calls
// the listeners. `dependencies.ts` creates it. It replaces Bolt's own Lambda receiver, which parses a body before it
// verifies the signature.
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { isLocalApi, isSlackAddress } from '../aws/names/slack-address.ts';
import { errorFields, type Log } from '../aws/log.ts';
import { type Answer, buffered, type BufferedHandler, type Receive } from './invoke-modes.ts';
import { isValidPayload } from './validate-payload.ts';

export interface LambdaReceiver extends Receiver {
  /**
   * Handles one request to the Function URL. A repeated request is harmless, because listeners use conditional
   * writes.
   */
  readonly receive: Receive;
  /** The same for a buffered Function URL. */
  readonly handler: BufferedHandler;
}

export interface ReceiverDependencies {
  /** @param maxAge in milliseconds: if the last read is older, reads the secret again */
  readonly signingSecret: (maxAge?: number) => Promise<string>;
  /** Base address of Slack's Web API. If it is the local Slack, addresses on this machine are accepted too. */
  readonly slackApiUrl: string;
  readonly now: () => Date;
  readonly log: Log;
}

/**
 * Seconds by which Slack's timestamp may differ from the clock:
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
const MAX_SKEW = 300;

/** Requests with a wrong signature cause at most one read of the secret in this time. */
const SECRET_RETRY_MS = 2_000;

export function createReceiver({
  signingSecret,
  slackApiUrl,
  now,
  log,
}: ReceiverDependencies): LambdaReceiver {
  const isLocal = isLocalApi(slackApiUrl);
  let app: App | undefined;

  const isVerified = async (event: LambdaFunctionURLEvent, body: Buffer): Promise<boolean> => {
    const timestamp = Number(event.headers?.['x-slack-request-timestamp']);
    const signature = event.headers?.['x-slack-signature'];
    const isFresh = Math.abs(now().getTime() / 1_000 - timestamp) <= MAX_SKEW;
    if (!isFresh || !signature) return false;
    const signedWith = (secret: string) => isEqual(signature, signatureOf(secret, timestamp, body));
    const cached = await signingSecret();
    if (signedWith(cached)) return true;
    // The signing secret may have been changed since it was cached.
    const newest = await signingSecret(SECRET_RETRY_MS);
    return newest !== cached && signedWith(newest);
  };

  const receive: Receive = async (event, reply) => {
    const bytes = rawBody(event);
    if (isSslCheck(bytes.toString(), event.headers?.['content-type'])) return reply({ statusCode: 200 });
    try {
      if (!(await isVerified(event, bytes))) return reply({ statusCode: 401 });
    } catch (error) {
      log('secret_unreadable', errorFields(error));
      return reply({ statusCode: 503 });
    }
    const body = parseBody(bytes.toString(), event.headers['content-type']);
    if (!body) return reply({ statusCode: 400 });
    if (body['type'] === 'url_verification') return reply(json({ challenge: body['challenge'] }));
    if (isValidPayload(body, (address) => isSlackAddress(address, isLocal)))
      return dispatch(app, body, reply, log);
    log('request_not_understood', {
      type: String(body['type'] ?? body['command'] ?? 'none').slice(0, 40),
    });
    return reply({ statusCode: 400 });
  };

  return {
    init: (createdApp) => {
      app = createdApp;
    },
    start: async () => undefined,
    stop: async () => undefined,
    receive,
    handler: buffered(receive),
  };
}

/**
 * Replies at the first `ack`, and resolves when the listener has finished. An event is different: Bolt calls `ack`
 * before the listener runs, so the reply waits until the listener has finished. If the listener fails, there is no
 * successful reply, and Slack sends the event again.
 */
async function dispatch(
  app: App | undefined,
  body: ReceiverEvent['body'],
  reply: (answer: Answer) => void,
  log: Log,
): Promise<void> {
  let acknowledged = false;
  const isEvent = body['type'] === 'event_callback';
  const ack: ReceiverEvent['ack'] = async (response) => {
    if (acknowledged) return;
    acknowledged = true;
    if (!isEvent) reply(response === undefined || response === '' ? { statusCode: 200 } : json(response));
  };
  await app?.processEvent({ body, ack });
  if (acknowledged) return isEvent ? reply({ statusCode: 200 }) : undefined;
  const reference = randomUUID().slice(0, 8);
  log('request_not_acknowledged', { reference, type: body['type'] ?? body['command'] });
  reply({ statusCode: 404, headers: { 'content-type': 'text/plain' }, body: reference });
}

/**
 * Slack checks the certificate of the address now and then with an unsigned request. Nothing else in such a request has an
 * effect: https://docs.slack.dev/interactivity/implementing-slash-commands
 */
function isSslCheck(body: string, contentType = ''): boolean {
  return (
    contentType.toLowerCase().startsWith('application/x-www-form-urlencoded') &&
    new URLSearchParams(body).get('ssl_check') === '1'
  );
}

function rawBody({ body = '', isBase64Encoded }: LambdaFunctionURLEvent): Buffer {
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
}

/**
 * Computed over the bytes: bytes that are no UTF-8 have no exact text. Bolt's `isValidSlackRequest` takes a text.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
function signatureOf(secret: string, timestamp: number, body: Buffer): string {
  const hmac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body);
  return `v0=${hmac.digest('hex')}`;
}

function isEqual(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}

/** Slack sends commands as forms, interactions as JSON in the form field `payload`, and events as JSON. */
function parseBody(text: string, contentType = ''): ReceiverEvent['body'] | undefined {
  if (contentType.toLowerCase().startsWith('application/json')) return parseObject(text);
  const form = Object.fromEntries(new URLSearchParams(text));
  const { payload } = form;
  if (payload !== undefined) return parseObject(payload);
  return form['command'] || form['ssl_check'] ? form : undefined;
}

function parseObject(text: string): ReceiverEvent['body'] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function json(body: unknown): Answer {
  if (typeof body === 'string') return { statusCode: 200, headers: { 'content-type': 'text/plain' }, body };
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
