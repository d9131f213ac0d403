// Sends a signed request to the app as Slack does: a form, or JSON for an event. The app has three seconds to answer.
// Called by the other files of `events/`, and by `local/workspace/envelopes.ts` for requests from a real workspace.
import { createHmac, randomBytes } from 'node:crypto';
import type { Answer, SentRequest } from '../store/last-request.ts';
import type { Installation } from '../store/installation.ts';

/** Returned in place of the app's answer if no request is sent to the app. */
export const nothingSent: Answer = { status: 200, milliseconds: 0, body: '' };

/** The fields needed to send and sign a request. */
export type Sender = Pick<Installation, 'clock' | 'signingSecret' | 'requestUrl' | 'lastRequest'>;

export async function sendRequest(sender: Sender, form: Readonly<Record<string, string>>): Promise<Answer> {
  const body = new URLSearchParams(form).toString();
  return send(sender, { body, contentType: 'application/x-www-form-urlencoded', retries: 0 }, {});
}

export async function sendJson(sender: Sender, payload: object): Promise<Answer> {
  const body = JSON.stringify(payload);
  return send(sender, { body, contentType: 'application/json', retries: 0 }, {});
}

/** Sends the last request again, as Slack may: https://docs.slack.dev/apis/events-api#retries */
export async function repeatRequest(
  installation: Installation,
  sent = installation.lastRequest.sent,
): Promise<Answer> {
  if (!sent) throw new Error('Nothing has been sent to the app yet');
  const retries = sent.retries + 1;
  return send(
    installation,
    { ...sent, retries },
    { 'x-slack-retry-num': String(retries), 'x-slack-retry-reason': reasonToRetry(sent.status) },
  );
}

/** After a success the reason is `http_timeout`: Slack may time out although the app answered in time. */
function reasonToRetry(status: SentRequest['status']): string {
  if (status === 'unreachable') return 'connection_failed';
  return typeof status === 'number' && !isSuccess(status) ? 'http_error' : 'http_timeout';
}

export const isSuccess = (status: Answer['status']): boolean =>
  typeof status === 'number' && status >= 200 && status < 300;

async function send(
  { clock, signingSecret, requestUrl, lastRequest }: Sender,
  sent: SentRequest,
  retry: Readonly<Record<string, string>>,
): Promise<Answer> {
  lastRequest.sent = sent;
  const started = performance.now();
  const signed = signature(sent.body, signingSecret, clock.now());
  const headers = { 'content-type': sent.contentType, ...signed, ...retry };
  const answer = await exchange(requestUrl(), sent.body, headers);
  if (lastRequest.sent === sent) lastRequest.sent = { ...sent, status: answer.status };
  return { ...answer, milliseconds: Math.round(performance.now() - started) };
}

// https://docs.slack.dev/interactivity/handling-user-interaction
const ANSWER_TIMEOUT_MS = 3_000;

async function exchange(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Omit<Answer, 'milliseconds'>> {
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  try {
    const response = await fetch(url, { method: 'POST', body, headers, signal, redirect: 'manual' });
    return { status: response.status, body: await response.text() };
  } catch {
    return { status: signal.aborted ? 'timeout' : 'unreachable', body: '' };
  }
}

// https://docs.slack.dev/authentication/verifying-requests-from-slack
function signature(body: string, secret: string, now: number): Readonly<Record<string, string>> {
  const seconds = String(Math.floor(now / 1000));
  const digest = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex');
  return {
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'x-slack-request-timestamp': seconds,
    'x-slack-signature': `v0=${digest}`,
  };
}

/** Creates the `trigger_id` that each command and interaction contains: https://docs.slack.dev/surfaces/modals */
export function issueTrigger({ workspace, clock }: Installation, person: string): string {
  const id = `${workspace.nextTs()}.${randomBytes(16).toString('hex')}`;
  workspace.keepTrigger({ id, person, madeAt: clock.now() });
  return id;
}

/** Slack's error code for a missing or failed answer; undefined if the answer is good. */
export function failureOf({ status }: Answer): string | undefined {
  if (status === 200) return undefined;
  return status === 'timeout' ? 'operation_timeout' : 'dispatch_failed';
}
