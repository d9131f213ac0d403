// The error that is thrown when a state fails. Retry and Catch match its error name; the interpreter then retries the
// state, or ends the execution. Also checks the size of a state's data.
import { bytes } from '../../core/json.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAX_PAYLOAD_BYTES = 262_144;

export class StateFailure extends Error {
  readonly error: string | undefined;
  override readonly cause: string | undefined;

  /** Error and cause are undefined if SendTaskFailure or a Fail state does not name them. */
  constructor(error: string | undefined, cause: string | undefined) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.cause = cause;
  }
}

/** A failure that Step Functions itself finds while it runs a state. The execution's cause names the state. */
export class RuntimeFailure extends StateFailure {
  constructor(cause: string) {
    super('States.Runtime', cause);
  }
}

/** Returns the text. Throws `States.DataLimitExceeded` if it is too large for a state's input or output. */
export function limited(text: string, cause: string): string {
  if (bytes(text) <= MAX_PAYLOAD_BYTES) return text;
  throw new StateFailure('States.DataLimitExceeded', cause);
}

/** @param producer the name of the state, or the ARN of the function */
export function tooLargeResultOf(producer: string): string {
  return `The state/task '${producer}' returned a result with a size exceeding the maximum number of bytes service limit.`;
}
