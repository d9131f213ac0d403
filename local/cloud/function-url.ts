// A Lambda function URL: an HTTP request becomes an event of payload format 2.0, the function's answer the response.
// `startCloud` gives each URL of the template a listener of its own.
// The format: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { asText, isList, isObject, optionalText, parse, type Json, type JsonObject } from './json.ts';
import type { Lambda } from './lambda.ts';
import { bodyOf } from './listener.ts';
import { account } from './names.ts';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_BODY_BYTES = 6_291_456;
/** Bodies of these types are passed as text, all others as base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml|[\w.-]+\+json|[\w.-]+\+xml)\b)/;

interface FunctionUrlOptions {
  readonly id: string;
  readonly functionArn: string;
  readonly lambda: Lambda;
  readonly clock: Clock;
}

export function functionUrl({ id, functionArn, lambda, clock }: FunctionUrlOptions) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    if (body.length > MAX_BODY_BYTES) return refuse(response, 413, 'Request Entity Too Large');
    const event = eventOf(request, body, id.toLowerCase(), clock.now());
    const outcome = await lambda.invoke(functionArn, JSON.stringify(event));
    if (!outcome.ok) return refuse(response, 502, 'Internal Server Error');
    respond(response, parse(outcome.payload));
  };
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
}

function eventOf(request: IncomingMessage, body: Buffer, apiId: string, now: number): JsonObject {
  const headers = headersOf(request);
  const url = new URL(request.url ?? '/', 'http://local');
  const isText = TEXT.test(headers['content-type'] ?? '');
  const cookies = request.headers.cookie?.split('; ');
  const queryStringParameters = Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((key) => [key, url.searchParams.getAll(key).join(',')]),
  );
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookies && { cookies }),
    headers,
    ...(url.search.length > 1 && { queryStringParameters }),
    requestContext: requestContext(request, url.pathname, apiId, now),
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function headersOf(request: IncomingMessage): Readonly<Record<string, string>> {
  const given = Object.entries(request.headersDistinct).filter(([name]) => name !== 'cookie');
  return {
    ...Object.fromEntries(given.map(([name, values]) => [name, (values ?? []).join(',')])),
    'x-amzn-trace-id': `Root=1-${randomUUID()}`,
    'x-forwarded-for': request.socket.remoteAddress ?? '',
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  };
}

function requestContext(request: IncomingMessage, path: string, apiId: string, now: number): JsonObject {
  return {
    accountId: account,
    apiId,
    domainName: request.headers.host ?? '',
    domainPrefix: apiId,
    http: {
      method: request.method ?? 'GET',
      path,
      protocol: 'HTTP/1.1',
      sourceIp: request.socket.remoteAddress ?? '',
      userAgent: request.headers['user-agent'] ?? '',
    },
    requestId: randomUUID(),
    routeKey: '$default',
    stage: '$default',
    time: commonLogTime(now),
    timeEpoch: now,
  };
}

/** Such as `12/Mar/2020:19:03:58 +0000`. */
function commonLogTime(now: number): string {
  const [, day, month, year, time] = new Date(now).toUTCString().split(/[ ,]+/);
  return `${day}/${month}/${year}:${time} +0000`;
}

/** An answer without a status code is itself the body, as JSON. */
function respond(response: ServerResponse, answer: Json): void {
  if (!isObject(answer) || typeof answer['statusCode'] !== 'number') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(asText(answer));
    return;
  }
  response.statusCode = answer['statusCode'];
  response.setHeader('content-type', 'application/json');
  for (const [name, value] of Object.entries(isObject(answer['headers']) ? answer['headers'] : {})) {
    response.setHeader(name, asText(value));
  }
  if (isList(answer['cookies'])) response.setHeader('set-cookie', answer['cookies'].map(asText));
  response.end(
    Buffer.from(optionalText(answer, 'body') ?? '', answer['isBase64Encoded'] === true ? 'base64' : 'utf8'),
  );
}
