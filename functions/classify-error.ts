// Decides whether failed work should be retried, and after how long. `retry-message.ts` calls it before it requeues a
// message. The reconciler calls it to report only the errors that a retry cannot fix.
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { RetryLater } from '../aws/retry-later.ts';
import { isOutage, retryAfter } from '../slack/slack-errors.ts';

export type ErrorClass =
  | { readonly kind: 'retry'; readonly afterSeconds: number }
  /** A retry cannot help. */
  | { readonly kind: 'fail' };

/** Time until the next try during an outage of Slack or AWS. */
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

/** Classifies errors as the AWS SDK does. The SDK itself tries three times before it throws such an error. */
function isTransient(error: SdkError): boolean {
  return isThrottlingError(error) || isTransientError(error) || isServerError(error);
}
