// Classifies the errors of Slack's Web API, and has a remedy for errors that only the operator can fix. The bot and the
// functions behind queues call it.
import type { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { errorFields } from '../aws/log.ts';

/** Remedies for errors that a retry cannot fix: https://docs.slack.dev/reference/methods/chat.postMessage#errors */
const remedies: Readonly<Record<string, string>> = {
  invalid_auth: 'The bot token is none any more: put the present one of the Slack app into the secret.',
  not_authed: 'The bot token is empty: put the one of the Slack app into the secret.',
  token_revoked: 'The app was uninstalled: install it again, and put its new bot token into the secret.',
  account_inactive: 'The app was uninstalled: install it again, and put its new bot token into the secret.',
  not_in_channel: 'Invite the bot to the channel: /invite @Countersign.',
  channel_not_found: 'Invite the bot to the channel, or correct the setting "channel" and deploy.',
  is_archived:
    'The channel is archived: bring it back, or set another with the setting "channel" and deploy.',
  missing_scope:
    'Add the scope that the app lacks (see manifest.yml) under OAuth & Permissions, and reinstall the app.',
};

/**
 * The error as fields of a log event. The field `remedy` is present if only the operator can fix the cause, and raises
 * an alarm.
 */
export function failureFields(error: unknown): Readonly<Record<string, string>> {
  const remedy = remedies[slackErrorCode(error) ?? ''];
  return { ...errorFields(error), ...(remedy ? { remedy } : {}) };
}

/**
 * Slack's error code, such as `channel_not_found`. Undefined if Slack did not answer with a code. The call may then
 * have been executed.
 */
export function slackErrorCode(error: unknown): string | undefined {
  if (isRefusal(error)) return error.data.error;
  return retryAfter(error) === undefined ? undefined : 'ratelimited';
}

/**
 * Error codes of internal failures of Slack. The call may have been executed:
 * https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
const INTERNAL_FAILURES = [
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
];

/**
 * Whether Slack certainly did not execute the call. False after an internal failure of Slack. Also false if the code
 * does not look like one of Slack's, because a proxy may have answered after Slack executed the call.
 */
export function definitelyNotExecuted(error: unknown): boolean {
  const code = slackErrorCode(error);
  return code !== undefined && /^[a-z_]+$/.test(code) && !INTERNAL_FAILURES.includes(code);
}

/** Whether Slack cannot be reached or fails internally. After the outage a retry succeeds, without an operator. */
export function isOutage(error: unknown): boolean {
  if (isRefusal(error)) return INTERNAL_FAILURES.includes(error.data.error);
  const code = codeOf(error);
  if (code === 'slack_webapi_request_error') return true;
  return (
    code === 'slack_webapi_http_error' &&
    error instanceof Error &&
    'statusCode' in error &&
    Number(error.statusCode) >= 500
  );
}

/**
 * Error codes for a person who cannot receive direct messages:
 * https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
const UNREACHABLE = ['user_not_found', 'user_disabled', 'cannot_dm_bot', 'messages_tab_disabled'];

/** Whether the person can receive no direct messages, for example because they left the workspace. */
export function isUnreachable(error: unknown): boolean {
  return UNREACHABLE.includes(slackErrorCode(error) ?? '');
}

/** Seconds until Slack accepts calls again, after a rate limit: https://docs.slack.dev/apis/web-api/rate-limits */
export function retryAfter(error: unknown): number | undefined {
  return isLimit(error) ? error.retryAfter : undefined;
}

// Errors are recognized by their codes, and Slack's error classes are imported as types only. So a function that does
// not call Slack does not bundle Slack's client.

function isRefusal(error: unknown): error is WebAPIPlatformError {
  return codeOf(error) === 'slack_webapi_platform_error';
}

function isLimit(error: unknown): error is WebAPIRateLimitedError {
  return codeOf(error) === 'slack_webapi_rate_limited_error';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
