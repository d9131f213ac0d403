// Writes S3's answers and errors to HTTP. `buckets.ts` calls it.
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { AwsError } from '../../core/operations.ts';
import { plainDocument } from './xml.ts';

export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  /** Text is sent as XML. */
  readonly body?: string | Buffer;
}

/** All other errors have status 400: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const statuses: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  MethodNotAllowed: 405,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchObjectLockConfiguration: 404,
  NoSuchVersion: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
  ServiceUnavailable: 503,
  SlowDown: 503,
};

export function answerOf({ code, message }: AwsError): S3Answer {
  const content = [
    ['Code', code],
    ['Message', message],
    ['RequestId', randomUUID()],
  ] as const;
  return { status: statuses[code] ?? 400, body: plainDocument('Error', content) };
}

export function write({ status, headers = {}, body = '' }: S3Answer, response: ServerResponse): void {
  response.setHeader('x-amz-request-id', randomUUID());
  if (typeof body === 'string' && body !== '') response.setHeader('content-type', 'application/xml');
  response.writeHead(status, headers).end(body);
}
