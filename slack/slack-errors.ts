// Classifies the errors of Slack's Web API, and has a remedy for errors that only the operator can fix. The bot and the
// functions behind queues call it.
import type { WebAPIPlatformError, WebAPIRateLimitedError } from '@slack/web-api';
import { errorFields } from '../aws/log.ts';
import {
  DEFAULT_RETRY_AFTER_SECONDS,
  type ErrorClass,
  FINAL,
  FROZEN,
  OPERATOR_OF_APP,
  OPERATOR_OF_CALL,
  RATE_LIMITED,
} from './error-codes.ts';

/**
 * The error as fields of a log event. The field `remedy` is present if only the operator can fix the cause, and raises
 * an alarm.
 */
export function failureFields(error: unknown): Readonly<Record<string, string>> {
  const code = slackErrorCode(error) ?? '';
  const remedy = OPERATOR_OF_APP.get(code) ?? OPERATOR_OF_CALL.get(code);
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
 * Returns the class of the error. An unknown code is `wait`: the queues retry for twelve hours. Undefined if Slack
 * answered without a code, or if it limits the rate.
 */
export function classOf(error: unknown): ErrorClass | undefined {
  if (!isRefusal(error) || retryAfter(error) !== undefined) return undefined;
  const { error: code } = error.data;
  if (FINAL.includes(code)) return 'final';
  return OPERATOR_OF_APP.has(code) || OPERATOR_OF_CALL.has(code) ? 'operator' : 'wait';
}

/**
 * Whether this conversation cannot be reached, or not with this content: an archived channel, a person who left. False
 * if Slack refuses every call of the app, or may accept the call later.
 */
export function isUnreachable(error: unknown): boolean {
  return classOf(error) === 'final' || OPERATOR_OF_CALL.has(slackErrorCode(error) ?? '');
}

/** Whether somebody deleted the message. */
export function isDeleted(error: unknown): boolean {
  return slackErrorCode(error) === 'message_not_found';
}

/**
 * The indexes of the blocks that Slack refused. Empty if Slack refused something else.
 * Slack names each by a JSON pointer: https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
export function refusedBlocks(error: unknown): readonly number[] {
  if (!isRefusal(error) || error.data.error !== 'invalid_blocks') return [];
  const { messages = [] } = error.data.response_metadata ?? {};
  return messages.map((message) => Number(/\[json-pointer:\/blocks\/(\d+)/.exec(message)?.[1] ?? -1));
}

/** Whether the person closed the modal before it was updated: https://docs.slack.dev/reference/methods/views.update#errors */
export function isModalClosed(error: unknown): boolean {
  return slackErrorCode(error) === 'not_found';
}

/** Whether a message exists and a retry cannot update it, for example because its channel is archived. */
export function isFrozen(error: unknown): boolean {
  return FROZEN.includes(slackErrorCode(error) ?? '');
}

/**
 * Whether Slack certainly did not execute the call. False after an internal failure of Slack, and for an unknown code,
 * because a proxy may have answered after Slack executed the call.
 */
export function definitelyNotExecuted(error: unknown): boolean {
  const found = classOf(error);
  return found === 'final' || found === 'operator' || retryAfter(error) !== undefined;
}

/** Whether Slack cannot be reached or fails internally. After the outage a retry succeeds, without an operator. */
export function isOutage(error: unknown): boolean {
  if (classOf(error) === 'wait') return true;
  const code = codeOf(error);
  if (code === 'slack_webapi_request_error') return true;
  return (
    code === 'slack_webapi_http_error' &&
    error instanceof Error &&
    'statusCode' in error &&
    Number(error.statusCode) >= 500
  );
}

/** Seconds until Slack accepts calls again, after a rate limit: https://docs.slack.dev/apis/web-api/rate-limits */
export function retryAfter(error: unknown): number | undefined {
  if (isLimit(error)) return error.retryAfter;
  return isRefusal(error) && RATE_LIMITED.includes(error.data.error)
    ? DEFAULT_RETRY_AFTER_SECONDS
    : undefined;
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
