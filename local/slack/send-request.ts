// Sends a person's doing to the app as Slack does: form-encoded, signed, three seconds for the answer.
// Called by `run-command.ts`, `press-button.ts` and `submit-modal.ts`.
import { createHmac, randomBytes } from 'node:crypto';
import type { Installation } from './installation.ts';
import { limits } from './limits.ts';

/** What the app answered to Slack. */
export interface Answer {
  readonly status: number | 'timeout' | 'unreachable';
  readonly milliseconds: number;
  readonly body: string;
}

/** Slack dealt with it alone: the app was not asked. */
export const nothingSent: Answer = { status: 200, milliseconds: 0, body: '' };

export async function sendRequest(
  installation: Installation,
  form: Readonly<Record<string, string>>,
): Promise<Answer> {
  installation.lastRequest.body = new URLSearchParams(form).toString();
  return send(installation, installation.lastRequest.body, {});
}

/** Sends the last request once more, as Slack may: https://docs.slack.dev/apis/events-api#retries */
export async function repeatRequest(installation: Installation): Promise<Answer> {
  const retry = { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' };
  return send(installation, installation.lastRequest.body, retry);
}

async function send(
  { clock, signingSecret, requestUrl }: Installation,
  body: string,
  retry: Readonly<Record<string, string>>,
): Promise<Answer> {
  const started = performance.now();
  const headers = { ...signature(body, signingSecret, clock.now()), ...retry };
  const answer = await exchange(requestUrl(), body, headers);
  return { ...answer, milliseconds: Math.round(performance.now() - started) };
}

async function exchange(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Omit<Answer, 'milliseconds'>> {
  const signal = AbortSignal.timeout(limits.answerMilliseconds);
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
    'content-type': 'application/x-www-form-urlencoded',
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'x-slack-request-timestamp': seconds,
    'x-slack-signature': `v0=${digest}`,
  };
}

/** Issued with each command and interaction: https://docs.slack.dev/surfaces/modals */
export function issueTrigger({ workspace, clock }: Installation, person: string): string {
  const id = `${workspace.nextTs()}.${randomBytes(16).toString('hex')}`;
  workspace.keepTrigger({ id, person, madeAt: clock.now() });
  return id;
}

/** The word Slack has for an answer that did not come, or was none; nothing if all went well. */
export function failureOf({ status }: Answer): string | undefined {
  if (status === 200) return undefined;
  return status === 'timeout' ? 'operation_timeout' : 'dispatch_failed';
}
