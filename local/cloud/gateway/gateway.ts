// The AWS endpoint: finds the operation of a request by protocol and target, calls it, and answers in that protocol.
// Functions, SDKs and the `aws` CLI send requests to it.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { CloudContext } from '../core/context.ts';
import type { Authorize } from './authorize.ts';
import { isObject, tryParse, UnexpectedShape, type Json, type JsonObject } from '../core/json.ts';
import { bodyOf } from './http-server.ts';
import { AwsError, type Operations } from '../core/operations.ts';
import { checkDeletionProtection } from '../services/dynamodb/deletion-protection.ts';
import { answerFromTables } from '../services/dynamodb/returned-items.ts';

/** Operations by service name: the first part of a request's X-Amz-Target, or the signing name. */
export type Services = Readonly<Record<string, Operations>>;

interface Asked {
  readonly service: string;
  readonly operation: string;
  readonly input: Json | undefined;
  /** True for AWS's query protocol (form requests, XML answers), which only SNS and CloudFormation use here. */
  readonly inXml?: boolean;
}

/** Answers a request to S3, which has its own protocol. */
export type Buckets = (
  request: IncomingMessage,
  accessKeyId: string,
  body: Buffer,
  response: ServerResponse,
) => Promise<void>;

const tablesTarget = 'DynamoDB_20120810';

/** Operations that only read, so their answers need not wait until the state is saved. */
const looking = /^(Describe|Get|List)/;

export function gateway(
  services: Services,
  tables: Server,
  buckets: Buckets,
  authorize: Authorize,
  { model, clock, saved }: Pick<CloudContext, 'model' | 'clock' | 'saved'>,
) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) {
      // Otherwise a page of a site whose name was made to lead to this machine could send requests here.
      response.writeHead(403).end('The header Host must name this machine');
      return;
    }
    if (request.headers.origin !== undefined) {
      // Without this check any web page could post here, because CORS blocks only reading. AWS tools send no Origin.
      response.writeHead(403).end('Requests from a browser are refused');
      return;
    }
    // If the date of an answer differs from the SDK's clock, the SDK treats every error as clock skew.
    response.setHeader('date', new Date(clock.now()).toUTCString());
    const body = await bodyOf(request);
    const asked = read(request, body.toString());
    if (asked.service === 's3') return buckets(request, accessKeyId(request), body, response);
    const forTables = asked.service === tablesTarget;
    const { status, answer } = tried(() => {
      const call = forTables ? () => ({}) : operationOf(services, asked);
      const input = inputOf(asked);
      authorize(accessKeyId(request), asked.service, asked.operation, input);
      if (forTables) checkDeletionProtection(model.tables, accessKeyId(request), asked.operation, input);
      return call(input, traceHeaderOf(request));
    });
    if (forTables && status === 200) return answerFromTables(tables, request, body, response);
    if (!looking.test(asked.operation)) await saved();
    const [type, text] = asked.inXml
      ? ['text/xml', inXml(asked, answer)]
      : ['application/x-amz-json-1.0', JSON.stringify(answer)];
    response.writeHead(status, { 'content-type': type, 'x-amzn-requestid': randomUUID() }).end(text);
  };
}

/** The header X-Amz-Target names the service. In query and REST requests, the credential's scope names the service. */
function read({ headers, method, url = '/' }: IncomingMessage, body: string): Asked {
  const [target, operation = ''] = String(headers['x-amz-target'] ?? '').split('.');
  if (target) return { service: target, operation, input: body === '' ? {} : tryParse(body) };
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
  const { Action, Version: _version, ...form } = Object.fromEntries(new URLSearchParams(body));
  if (Action !== undefined) return { service, operation: Action, input: form, inXml: true };
  const FunctionName = /^\/2021-10-31\/functions\/([^/]+)\/url$/.exec(url)?.[1];
  if (method === 'GET' && FunctionName !== undefined)
    return {
      service,
      operation: 'GetFunctionUrlConfig',
      input: { FunctionName: decodeURIComponent(FunctionName) },
    };
  if (method === 'GET' && /^\/2015-03-31\/functions\/?$/.test(url))
    return { service, operation: 'ListFunctions', input: {} };
  return { service, operation: `${method} ${url}`, input: {} };
}

function traceHeaderOf({ headers }: IncomingMessage): string | undefined {
  const header = headers['x-amzn-trace-id'];
  return typeof header === 'string' ? header : undefined;
}

/** The access key that signed the request; signatures are not checked. */
function accessKeyId({ headers }: IncomingMessage): string {
  return /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
}

function tried(call: () => object): { readonly status: number; readonly answer: object } {
  try {
    return { status: 200, answer: call() };
  } catch (error) {
    if (error instanceof AwsError) return refused(error.code, error.message, error.status);
    if (error instanceof UnexpectedShape) return refused('ValidationException', error.message);
    throw error;
  }
}

function refused(code: string, message: string, status = 400) {
  return { status, answer: { __type: code, message } };
}

function operationOf(services: Services, { service, operation }: Asked): Operations[string] {
  const operations = services[service];
  const call = operations?.[operation];
  if (call) return call;
  const supported = Object.keys(operations ?? { ...services, [tablesTarget]: {} }).join(', ');
  const message = `The local cloud has no ${service}.${operation}. Supported: ${supported}`;
  throw new AwsError('UnknownOperationException', message);
}

function inputOf({ input }: Asked): JsonObject {
  if (isObject(input)) return input;
  throw new AwsError('SerializationException', 'The request is not a JSON object');
}

function inXml({ operation }: Asked, answer: object): string {
  const RequestId = randomUUID();
  if ('__type' in answer && 'message' in answer)
    return xml({ ErrorResponse: { Error: { Code: answer.__type, Message: answer.message }, RequestId } });
  return xml({
    [`${operation}Response`]: { [`${operation}Result`]: answer, ResponseMetadata: { RequestId } },
  });
}

function xml(value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => `<member>${xml(item)}</member>`).join('');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, item]) => `<${name}>${xml(item)}</${name}>`)
      .join('');
  return String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
