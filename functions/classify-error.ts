// Whether work that failed should be retried later, and after how long. The queue handler requeues by it, and the reconciler
// tells by it what passes without help.
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { RetryLater } from '../aws/retry-later.ts';
import { isOutage, retryAfter } from '../slack/slack-errors.ts';

export type ErrorClass =
  | { readonly kind: 'retry'; readonly afterSeconds: number }
  /** Retrying later cannot help. */
  | { readonly kind: 'fail' };

/** Between two tries while Slack or AWS is down. */
const OUTAGE_RETRY_SECONDS = 60;

export function classifyError(error: unknown): ErrorClass {
  const afterSeconds = retryDelaySeconds(error);
  return afterSeconds === undefined ? { kind: 'fail' } : { kind: 'retry', afterSeconds };
}

function retryDelaySeconds(error: unknown): number | undefined {
  if (error instanceof RetryLater) return error.retryAfterSeconds;
  const rateLimited = retryAfter(error);
  if (rateLimited !== undefined) return rateLimited;
  return isOutage(error) || (isSdkError(error) && isTransient(error)) ? OUTAGE_RETRY_SECONDS : undefined;
}

type SdkError = Parameters<typeof isServerError>[0];

function isSdkError(error: unknown): error is SdkError {
  return error instanceof Error && '$metadata' in error;
}

/** As the SDK classifies its errors. It has tried three times before it throws one. */
function isTransient(error: SdkError): boolean {
  return isThrottlingError(error) || isTransientError(error) || isServerError(error);
}
