// Decides whether failed work should be retried, and after how long. `retry-message.ts` calls it before it requeues a
// message. The reconciler calls it to report only the errors that a retry cannot fix.
import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import { RetryLater } from '../aws/retry-later.ts';
import { isOutage, retryAfter } from '../slack/slack-errors.ts';

export type ErrorClass =
  | { readonly kind: 'retry'; readonly afterSeconds: number }
  /** Slack or AWS is down. The pause depends on how long the outage has lasted. */
  | { readonly kind: 'outage' }
  /** A retry cannot help. */
  | { readonly kind: 'fail' };

export function classifyError(error: unknown): ErrorClass {
  const afterSeconds = error instanceof RetryLater ? error.retryAfterSeconds : retryAfter(error);
  if (afterSeconds !== undefined) return { kind: 'retry', afterSeconds };
  const isDown = isOutage(error) || (isSdkError(error) && isTransient(error));
  return { kind: isDown ? 'outage' : 'fail' };
}

type SdkError = Parameters<typeof isServerError>[0];

function isSdkError(error: unknown): error is SdkError {
  return error instanceof Error && '$metadata' in error;
}

/** Classifies errors as the AWS SDK does. The SDK itself tries three times before it throws such an error. */
function isTransient(error: SdkError): boolean {
  return isThrottlingError(error) || isTransientError(error) || isServerError(error);
}
