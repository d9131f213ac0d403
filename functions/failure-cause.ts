// Reads the cause of a failure, as Step Functions reports it. `completion-message.ts` and `result-message.ts` call it.

/**
 * The message of the error. The cause is JSON `{errorType, errorMessage, trace}` if a Lambda function failed:
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html. Any other text is returned as it is.
 */
export function messageOf(cause: string): string {
  try {
    const { errorType, errorMessage } = JSON.parse(cause);
    return typeof errorType === 'string' && typeof errorMessage === 'string' ? errorMessage : cause;
  } catch {
    return cause;
  }
}
