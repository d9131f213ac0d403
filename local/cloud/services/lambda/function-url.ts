// A Lambda function URL: converts an HTTP request to an event of payload format 2.0, and the function's answer to the
// response. `startCloud` uses it for each URL of the template.
// The format: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CloudContext } from '../../core/context.ts';
import { asText, isObject, optionalText, parse, type Json, type JsonObject } from '../../core/json.ts';
import { AwsError } from '../../core/operations.ts';
import type { FunctionUrlModel } from '../../template/resource-readers.ts';
import type { Lambda } from './functions.ts';
import { DELIMITER } from './worker-messages.ts';
import { bodyOf, type Answer } from '../../gateway/http-server.ts';

/** Bodies of these types are passed as text, all others as base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml|[\w.-]+\+json|[\w.-]+\+xml)\b)/;

/** @param id the logical id of the URL */
export function functionUrl(id: string, { model, access, clock }: CloudContext, lambda: Lambda): Answer {
  return async (request, response) => {
    const url = model.functionUrls.find((one) => one.id === id);
    if (!url || !access.isPublic(url.functionArn)) return refuse(response);
    const event = JSON.stringify(eventOf(request, await bodyOf(request), clock.now()));
    try {
      await answerWith(response, url, event, lambda);
    } catch (error) {
      if (!(error instanceof AwsError) || error.status !== 429) throw error;
      // https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
      const { status, message } = error;
      respond(response, { statusCode: status, body: JSON.stringify({ Message: message }) });
    }
  };
}

async function answerWith(
  response: ServerResponse,
  { functionArn, invokeMode }: FunctionUrlModel,
  event: string,
  lambda: Lambda,
): Promise<void> {
  if (invokeMode === 'RESPONSE_STREAM') return streamAnswer(response, functionArn, event, lambda);
  const outcome = await lambda.invoke(functionArn, event);
  if (!outcome.ok) return fail(response);
  const answer = parse(outcome.payload);
  if (!isObject(answer) || answer['statusCode'] === undefined)
    return respond(response, { statusCode: 200, body: textOf(answer) });
  if (isSupported(answer)) return respond(response, answer);
  fail(response);
}

/** The body of an answer without a status: a text as it is, any other value as JSON. */
function textOf(answer: Json): string {
  return typeof answer === 'string' ? answer : JSON.stringify(answer);
}

function fail(response: ServerResponse): void {
  response.writeHead(502, { 'content-type': 'text/plain' }).end('Internal Server Error');
}

function refuse(response: ServerResponse): void {
  const Message =
    'Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html';
  response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify({ Message }));
}

function eventOf(request: IncomingMessage, body: Buffer, now: number): JsonObject {
  const headers = Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values = []]) => [name, values.join(',')]),
  );
  const url = new URL(request.url ?? '/', 'http://local');
  const isText = TEXT.test(headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers,
    requestContext: {
      http: {
        method: request.method ?? 'GET',
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      timeEpoch: now,
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** Whether the answer has a status code, and neither cookies nor a base64 body, which are not supported. */
function isSupported({ statusCode, cookies, isBase64Encoded }: JsonObject): boolean {
  return typeof statusCode === 'number' && cookies === undefined && isBase64Encoded !== true;
}

/** Sends each chunk when it is written. The response ends when the stream ends, but the function may continue. */
async function streamAnswer(
  response: ServerResponse,
  functionArn: string,
  event: string,
  lambda: Lambda,
): Promise<void> {
  let head = Buffer.alloc(0);
  const stream = (chunk?: Uint8Array): void => {
    if (chunk === undefined) return void (response.headersSent && response.end());
    if (response.headersSent) return void response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(DELIMITER);
    if (end === -1) return;
    const prelude = parse(head.toString('utf8', 0, end));
    if (!isObject(prelude) || !isSupported(prelude)) return;
    begin(response, prelude);
    response.flushHeaders();
    response.write(head.subarray(end + DELIMITER.length));
  };
  await lambda.invoke(functionArn, event, { stream });
  if (response.writableEnded) return;
  // Destroys the connection, so that the client does not take a partial response for a complete one.
  if (response.headersSent) response.destroy();
  else fail(response);
}

function respond(response: ServerResponse, answer: JsonObject): void {
  begin(response, answer);
  response.end(optionalText(answer, 'body') ?? '');
}

function begin(response: ServerResponse, { statusCode, headers }: JsonObject): void {
  response.statusCode = Number(statusCode);
  response.setHeader('content-type', 'application/json');
  for (const [name, value] of Object.entries(isObject(headers) ? headers : {}))
    response.setHeader(name, asText(value));
}
