// The AWS endpoint: tells by protocol and target which service a request means, calls the operation and answers in
// the shape of that protocol. Functions, SDKs and the `aws` CLI send it their requests.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { AwsError } from './aws-error.ts';
import type { FunctionOperations } from './function-operations.ts';
import { isObject, tryParse, UnexpectedShape, type Json, type JsonObject } from './json.ts';
import { bodyOf } from './listener.ts';
import type { Operations } from './operations.ts';
import { queryAnswer, queryError } from './query-protocol.ts';

export interface Services {
  /** Operations of the JSON protocols, by the prefix of X-Amz-Target. */
  readonly targets: Readonly<Record<string, Operations>>;
  readonly topics: Operations;
  readonly functions: FunctionOperations;
  readonly tables: Server;
}

export function gateway(services: Services) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.headers.origin !== undefined) {
      // A page in a browser may post here without asking; no tool of AWS sends an Origin.
      return sendJson(response, 403, {
        __type: 'AccessDeniedException',
        message: 'Requests from a browser are refused',
      });
    }
    const [target = '', operation = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
    if (target === 'DynamoDB_20120810') return void services.tables.emit('request', request, response);
    const body = (await bodyOf(request)).toString();
    if (target !== '')
      return answerJson(response, target, () => called(services.targets[target], target, operation, body));
    const path = new URL(request.url ?? '/', 'http://local').pathname;
    if (/^\/\d{4}-\d{2}-\d{2}\//.test(path))
      return answerRest(response, () => rest(services, request.method ?? '', path));
    answerQuery(response, services.topics, serviceOf(request), new URLSearchParams(body));
  };
}

/** The service of the credential's scope: only SNS is told by it, the others by their protocol. */
function serviceOf({ headers }: IncomingMessage): string {
  return (
    /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'unsigned request'
  );
}

function called(operations: Operations | undefined, target: string, name: string, body: string): JsonObject {
  const operation = operations?.[name];
  if (!operations || !operation) {
    const supported = operations
      ? `Supported: ${Object.keys(operations).join(', ')}`
      : 'Its services: states, sqs, sns, dynamodb, secretsmanager, lambda';
    throw new AwsError('UnknownOperationException', `The local cloud has no ${target}.${name}. ${supported}`);
  }
  const input = body === '' ? {} : tryParse(body);
  if (!isObject(input)) throw new AwsError('SerializationException', 'The request is not a JSON object');
  return operation(input);
}

function rest({ functions }: Services, method: string, path: string): JsonObject {
  const answer = method === 'GET' ? functions(path) : undefined;
  if (answer) return answer;
  const supported = 'Supported of Lambda: ListFunctions, GetFunctionUrlConfig';
  throw new AwsError(
    'UnknownOperationException',
    `The local cloud has no ${method} ${path}. ${supported}`,
    404,
  );
}

function answerJson(response: ServerResponse, target: string, work: () => JsonObject): void {
  const error = attempt(work, (answer) => sendJson(response, 200, answer));
  if (!error) return;
  // What SDKs that once spoke the query protocol look for: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
  if (target === 'AmazonSQS')
    response.setHeader('x-amzn-query-error', `${queryCodes[error.code] ?? error.code};Sender`);
  sendJson(response, error.status, { __type: error.code, message: error.message });
}

const queryCodes: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
};

function answerRest(response: ServerResponse, work: () => JsonObject): void {
  const error = attempt(work, (answer) => sendJson(response, 200, answer));
  if (!error) return;
  response.setHeader('x-amzn-errortype', error.code);
  sendJson(response, error.status, { Type: 'User', Message: error.message });
}

function answerQuery(
  response: ServerResponse,
  topics: Operations,
  service: string,
  form: URLSearchParams,
): void {
  const { Action = '', Version: _version, ...input } = Object.fromEntries(form);
  const error = attempt(
    () => called(service === 'sns' ? topics : undefined, service, Action, JSON.stringify(input)),
    (answer) => send(response, 200, 'text/xml', queryAnswer(Action, answer)),
  );
  if (error) send(response, error.status, 'text/xml', queryError(error));
}

/** Answers what the work gives, or returns the error to answer instead. */
function attempt(work: () => JsonObject, answer: (given: JsonObject) => void): AwsError | undefined {
  try {
    answer(work());
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error;
    if (error instanceof UnexpectedShape) return new AwsError('ValidationException', error.message);
    throw error;
  }
}

function sendJson(response: ServerResponse, status: number, answer: Json): void {
  send(response, status, 'application/x-amz-json-1.0', JSON.stringify(answer));
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'x-amzn-requestid': randomUUID() }).end(body);
}
