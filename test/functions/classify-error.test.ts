// Tests which errors a retry can fix, and when to try again.
import { expect, it } from 'vitest';
import { RetryLater } from '../../aws/retry-later.ts';
import { classifyError } from '../../functions/classify-error.ts';

/** An error of the AWS SDK. */
const sdkError = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(name), { name, $fault: 'client', $metadata: { httpStatusCode } });
const rateLimited = (retryAfter: number) =>
  Object.assign(new Error('wait'), { code: 'slack_webapi_rate_limited_error', retryAfter });

it.each<[string, unknown, number]>([
  ['the work asks for a later try', new RetryLater('held', 7), 7],
  ['Slack limits the rate', rateLimited(30), 30],
  ['the limit of Slack ends now', rateLimited(0), 0],
])('retries if %s', (_, error, afterSeconds) => {
  expect(classifyError(error)).toEqual({ kind: 'retry', afterSeconds });
});

it.each<[string, unknown]>([
  ['Slack cannot be reached', Object.assign(new Error(), { code: 'slack_webapi_request_error' })],
  ['AWS throttles', sdkError('ThrottlingException', 400)],
  ['AWS times out', sdkError('TimeoutError', 400)],
  ['AWS fails', sdkError('InternalServerError', 500)],
])('finds an outage if %s', (_, error) => {
  expect(classifyError(error)).toEqual({ kind: 'outage' });
});

it.each<[string, unknown]>([
  ['AWS refuses the call', sdkError('AccessDeniedException', 400)],
  ['the code has a fault', new TypeError('x is undefined')],
  ['the error is not of AWS', Object.assign(new Error(), { name: 'ThrottlingException' })],
  ['the thrown value is not an error', { name: 'ThrottlingException', $metadata: { httpStatusCode: 500 } }],
])('does not retry if %s', (_, error) => {
  expect(classifyError(error)).toEqual({ kind: 'fail' });
});
