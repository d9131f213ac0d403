// The way from a Function URL to Bolt: the signature on the raw bytes first, then what they say, then the listeners.
// Written here because Bolt's own Lambda receiver parses a body before it knows who sent it. The entry makes one.
import { randomUUID } from 'node:crypto';
import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { isValidSlackRequest } from '@slack/bolt';
import type { APIGatewayProxyStructuredResultV2, LambdaFunctionURLEvent } from 'aws-lambda';
import { errorFields, type Log } from '../aws/log.ts';
import { isWhole } from './whole-request.ts';

type Answer = APIGatewayProxyStructuredResultV2;

export interface LambdaReceiver extends Receiver {
  /** Answers one request to the Function URL. Harmless twice: what a listener decides, it decides by a conditional write. */
  readonly handler: (event: LambdaFunctionURLEvent) => Promise<Answer>;
}

export interface ReceiverDependencies {
  readonly signingSecret: () => Promise<string>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Seconds that Slack's timestamp may differ from ours: https://docs.slack.dev/authentication/verifying-requests-from-slack */
const MAX_SKEW = 300;

export function createReceiver({ signingSecret, now, log }: ReceiverDependencies): LambdaReceiver {
  let app: App | undefined;

  const verified = async (event: LambdaFunctionURLEvent, body: string): Promise<boolean> => {
    const timestamp = Number(event.headers?.['x-slack-request-timestamp']);
    const nowMilliseconds = now().getTime();
    const fresh = Math.abs(nowMilliseconds / 1_000 - timestamp) <= MAX_SKEW;
    return (
      fresh &&
      isValidSlackRequest({
        signingSecret: await signingSecret(),
        body,
        headers: {
          'x-slack-signature': event.headers['x-slack-signature'] ?? '',
          'x-slack-request-timestamp': timestamp,
        },
        nowMilliseconds,
      })
    );
  };

  return {
    init: (made) => {
      app = made;
    },
    start: async () => undefined,
    stop: async () => undefined,
    handler: async (event) => {
      const text = rawBody(event);
      try {
        if (!(await verified(event, text))) return { statusCode: 401 };
      } catch (error) {
        log('secret_unreadable', errorFields(error));
        return { statusCode: 503 };
      }
      const body = parseBody(text, event.headers['content-type']);
      if (!body) return { statusCode: 400 };
      if (body['ssl_check']) return { statusCode: 200 };
      if (body['type'] === 'url_verification') return json({ challenge: body['challenge'] });
      if (!isWhole(body)) {
        log('request_not_understood', {
          type: String(body['type'] ?? body['command'] ?? 'none').slice(0, 40),
        });
        return { statusCode: 400 };
      }
      return dispatch(app, body, log);
    },
  };
}

async function dispatch(app: App | undefined, body: ReceiverEvent['body'], log: Log): Promise<Answer> {
  let answer: Answer | undefined;
  const ack: ReceiverEvent['ack'] = async (response) => {
    answer ??= response === undefined || response === '' ? { statusCode: 200 } : json(response);
  };
  await app?.processEvent({ body, ack });
  if (answer) return answer;
  const reference = randomUUID().slice(0, 8);
  log('request_not_acknowledged', { reference, type: body['type'] ?? body['command'] });
  return { statusCode: 404, headers: { 'content-type': 'text/plain' }, body: reference };
}

function rawBody({ body = '', isBase64Encoded }: LambdaFunctionURLEvent): string {
  return isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body;
}

/** Slack sends forms, interactions as JSON in their field `payload`, and events as JSON. */
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
