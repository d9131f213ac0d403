// What Slack's Web API answers when it does not do what it was asked: told apart here, once, with what the operator must
// do where nothing else helps. The bot and the functions on the queues read its errors with it.
import type { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { errorFields } from '../aws/log.ts';

/** Errors that no retry mends: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const remedies: Readonly<Record<string, string>> = {
  invalid_auth: 'The bot token is none any more: put the present one of the Slack app into the secret.',
  not_authed: 'The bot token is empty: put the one of the Slack app into the secret.',
  token_revoked: 'The app was uninstalled: install it again, and put its new bot token into the secret.',
  account_inactive: 'The app was uninstalled: install it again, and put its new bot token into the secret.',
  not_in_channel: 'Invite the bot to the channel: /invite @Countersign.',
  channel_not_found: 'Invite the bot to the channel, or mend the setting "channel" and deploy.',
  is_archived:
    'The channel is archived: bring it back, or set another with the setting "channel" and deploy.',
  missing_scope: "Update the app's manifest from manifest.yml, and install it again.",
};

/** An error as fields of an event, with what the operator must do where only they can mend it. An alarm looks for `todo`. */
export function failureFields(error: unknown): Readonly<Record<string, string>> {
  const remedy = remedies[slackErrorCode(error) ?? ''];
  return { ...errorFields(error), ...(remedy ? { remedy } : {}) };
}

/** Slack's own word for why it did not do it. Undefined: it is not known whether it did. */
export function slackErrorCode(error: unknown): string | undefined {
  if (isRefusal(error)) return error.data.error;
  return retryAfter(error) === undefined ? undefined : 'ratelimited';
}

/** Slack's words for a failure of its own, of which it does not say how far it got: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const FAILURES = [
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
];

/** Whether Slack surely did not do it. What is no word of Slack's (a proxy's page, say) says nothing. */
export function definitelyNotExecuted(error: unknown): boolean {
  const word = slackErrorCode(error);
  return word !== undefined && /^[a-z_]+$/.test(word) && !FAILURES.includes(word);
}

/** Whether Slack cannot be reached, or fails by itself: whoever waits need do nothing else. */
export function isOutage(error: unknown): boolean {
  if (isRefusal(error)) return FAILURES.includes(error.data.error);
  const code = codeOf(error);
  if (code === 'slack_webapi_request_error') return true;
  return (
    code === 'slack_webapi_http_error' &&
    error instanceof Error &&
    'statusCode' in error &&
    Number(error.statusCode) >= 500
  );
}

/** Seconds after which Slack takes such calls again, where there were too many: https://docs.slack.dev/apis/web-api/rate-limits */
export function retryAfter(error: unknown): number | undefined {
  return isLimit(error) ? error.retryAfter : undefined;
}

// By their codes, the classes as types alone: what never speaks to Slack does not bundle its client.

function isRefusal(error: unknown): error is WebAPIPlatformError {
  return codeOf(error) === 'slack_webapi_platform_error';
}

function isLimit(error: unknown): error is WebAPIRateLimitedError {
  return codeOf(error) === 'slack_webapi_rate_limited_error';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
