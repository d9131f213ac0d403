// The types of faults, and each service's error replies in that service's own format. The fault proxy injects them.
import type { Call } from './call.ts';

export const faultTypes = [
  'refused',
  'reply lost',
  'timed out',
  'throttled',
  '500',
  'malformed reply',
  'killed before',
  'killed after',
  'late',
] as const;

export type FaultType = (typeof faultTypes)[number];

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const RETRY_AFTER_SECONDS = '3';

export function throttled({ service }: Call): Reply {
  // https://docs.slack.dev/apis/web-api/rate-limits
  if (service === 'slack')
    return reply(429, '{"ok":false,"error":"ratelimited"}', { 'retry-after': RETRY_AFTER_SECONDS });
  // https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
  if (service === 'sns') return xmlError(400, 'Throttled');
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  if (service === 's3') return s3Error(503, 'SlowDown');
  return reply(
    400,
    JSON.stringify({ __type: throttlingErrors[service] ?? 'ThrottlingException', message: 'Rate exceeded' }),
  );
}

/**
 * The `__type` of a throttling error, for services that do not send plain `ThrottlingException`. Step Functions sends
 * plain `ThrottlingException`: https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html
 */
const throttlingErrors: Readonly<Record<string, string>> = {
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
  dynamodb: 'com.amazonaws.dynamodb.v20120810#ThrottlingException',
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
  sqs: 'com.amazonaws.sqs#RequestThrottled',
};

export function serverError({ service }: Call): Reply {
  if (service === 'slack') return reply(500, 'Internal Server Error', { 'content-type': 'text/plain' });
  if (service === 'sns') return xmlError(500, 'InternalError');
  if (service === 's3') return s3Error(500, 'InternalError');
  return reply(500, JSON.stringify({ __type: 'InternalServerError', message: 'We are sorry' }));
}

/** A page that an intermediate proxy might return, with status 200. */
export const malformed: Reply = reply(200, '<html><body>It works!</body></html>');

function xmlError(status: number, code: string): Reply {
  const error = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`;
  return reply(status, error, { 'content-type': 'text/xml' });
}

function s3Error(status: number, code: string): Reply {
  const error = `<Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return reply(status, error, { 'content-type': 'application/xml' });
}

function reply(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0', ...headers }, body };
}
