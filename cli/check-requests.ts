// Tests a deployed bot from outside: sends it an unsigned and a signed request. `selfTest` calls it after a deployment, and
// `countersign check` for any stack.
import { createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Check } from './check.ts';

/** Time limit for the bot to answer. */
const TIMEOUT_MS = 60_000;

/** @param signingSecret from the secret in AWS; this test cannot check that Slack has the same signing secret */
export async function* checkRequests(botUrl: string, signingSecret: string): AsyncGenerator<Check> {
  yield await checkStatus('an unsigned request', 401, () => sendRequest(botUrl, undefined));
  yield await checkStatus('a request signed with the secret in AWS', 200, () =>
    sendRequest(botUrl, signingSecret),
  );
}

/** Retries network errors, because DNS may not resolve a new address at once. */
async function checkStatus(what: string, expected: number, request: () => Promise<number>): Promise<Check> {
  for (const until = Date.now() + TIMEOUT_MS; ; await pause(1_000)) {
    try {
      return compareStatus(what, await request(), expected);
    } catch (error) {
      if (Date.now() < until) continue;
      const found = `no answer (${error instanceof Error ? error.message : String(error)})`;
      return { what, found, remedy: 'Check the network, and run this command again.' };
    }
  }
}

function compareStatus(what: string, status: number, expected: number): Check {
  const found = `answered ${status}`;
  if (status === expected) return { what, found };
  return {
    what,
    found,
    remedy: `Expected ${expected}. See the log of the function Bot, as described in docs/operations/runbook.md.`,
  };
}

/**
 * Sends the request with which Slack verifies the address of an app. The bot checks its signature, answers it and does
 * nothing else: https://docs.slack.dev/reference/events/url_verification
 */
async function sendRequest(url: string, signingSecret: string | undefined): Promise<number> {
  const body = JSON.stringify({ type: 'url_verification', challenge: 'self-test' });
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const digest = createHmac('sha256', signingSecret ?? '')
    .update(`v0:${timestamp}:${body}`)
    .digest('hex');
  const signed = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` };
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      ...(signingSecret === undefined ? {} : signed),
    },
  });
  return response.status;
}
