// Slack's Web API over HTTP: checks the token, finds the method, reads its arguments, calls it.
// Called by the server for `POST /api/<method>`. Every answer but `ratelimited` is HTTP 200, with errors in `error`.
import { readArguments, refused } from './arguments.ts';
import type { Arguments, Refused } from './arguments.ts';
import type { Installation } from '../store/installation.ts';
import { methods } from './methods.ts';
import { noAnswer } from '../store/refusals.ts';
import type { Answered } from './arguments.ts';
import { isRecord } from '../blocks/validators.ts';

export interface ApiRequest {
  readonly method: string;
  readonly contentType: string;
  readonly authorization: string;
  readonly body: string;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Answered | Refused;
}

/** Returns undefined if the connection is to be closed without an answer. */
export function callMethod(installation: Installation, request: ApiRequest): ApiResponse | undefined {
  const { method } = request;
  const tooEarly = installation.rates.tooEarly(method, channelIn(request));
  if (tooEarly !== undefined) return limited(tooEarly);
  const refusal = installation.refusals.take(method, channelIn(request));
  if (!refusal) return { status: 200, headers: {}, body: callAndLog(installation, request) };
  const { error, retryAfterSeconds, after } = refusal;
  if (after) callAndLog(installation, request);
  installation.log({ source: 'slack', event: 'refused_on_demand', method, error, after });
  if (error === noAnswer) return undefined;
  return error === 'ratelimited'
    ? limited(retryAfterSeconds)
    : { status: 200, headers: {}, body: refused(error) };
}

// https://docs.slack.dev/apis/web-api/rate-limits
function limited(seconds: number): ApiResponse {
  return { status: 429, headers: { 'retry-after': String(seconds) }, body: refused('ratelimited') };
}

function channelIn(request: ApiRequest): string {
  const body = readBody(request);
  const channel = 'sent' in body ? body.sent['channel'] : undefined;
  return typeof channel === 'string' ? channel : '';
}

function callAndLog(installation: Installation, request: ApiRequest): Answered | Refused {
  const answer = answerTo(installation, request);
  installation.log({
    source: 'slack',
    event: answer.ok ? 'method_called' : 'method_refused',
    method: request.method,
    ...(answer.ok ? ('ts' in answer ? { ts: answer['ts'] } : {}) : answer),
  });
  return answer;
}

// https://docs.slack.dev/apis/web-api
function answerTo(installation: Installation, request: ApiRequest): Answered | Refused {
  const body = readBody(request);
  if ('error' in body) return body;
  // Bolt adds `team_id` to calls from listeners. Only apps installed for an organisation need it, so it is ignored.
  const { token: argument, team_id: _team, ...sent } = body.sent;
  const token = /^Bearer (.+)$/i.exec(request.authorization)?.[1] ?? (body.isForm ? argument : undefined);
  if (!token) return refused('not_authed');
  if (token !== installation.botToken) return refused('invalid_auth');
  const method = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
  if (!method) return refused('unknown_method');
  const { scopes } = installation.manifest;
  if (method.scope && !scopes.includes(method.scope))
    return { ...refused('missing_scope'), needed: method.scope, provided: scopes.join(',') };
  const read = readArguments(sent, method.allowed, method.required);
  const refuse = (refusal: Refused) =>
    request.method === 'blocks.validate' ? asValidation(refusal) : refusal;
  if ('error' in read) return refuse(read);
  const refusal = refusedBlocks(installation, read);
  return refusal ? refuse(refusal) : method.call(installation, read);
}

/** `blocks.validate` names each wrong part by a pointer that begins at the list of blocks. Its `code` is assumed. */
function asValidation({ errors = [], ...refusal }: Refused): Refused {
  const found = errors.flatMap((complaint) => {
    const [, message, pointer] =
      typeof complaint === 'string' ? (/^(.*) \[json-pointer:\/blocks(.*)\]$/.exec(complaint) ?? []) : [];
    return message === undefined ? [] : [{ pointer, code: 'failed_constraint', message }];
  });
  return { ...refusal, errors: found };
}

/** Slack introduces types of blocks workspace by workspace. */
function refusedBlocks({ refusals }: Installation, { blocks = [] }: Arguments): Refused | undefined {
  const complaints = blocks.flatMap(({ type }, index) =>
    refusals.refusedBlocks.includes(type)
      ? [`unsupported type: ${type} [json-pointer:/blocks/${index}/type]`]
      : [],
  );
  return complaints.length > 0 ? refused('invalid_blocks', complaints) : undefined;
}

type Body = { readonly sent: Readonly<Record<string, unknown>>; readonly isForm: boolean };

function readBody({ contentType, body }: ApiRequest): Body | Refused {
  const type = contentType.split(';')[0]?.trim();
  if (type === 'application/x-www-form-urlencoded' || body === '')
    return { sent: Object.fromEntries(new URLSearchParams(body)), isForm: true };
  if (type !== 'application/json') return refused('invalid_post_type');
  try {
    const sent: unknown = JSON.parse(body);
    return isRecord(sent) ? { sent, isForm: false } : refused('json_not_object');
  } catch {
    return refused('invalid_json');
  }
}
