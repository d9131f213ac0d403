// An error inside an execution, with the error name that Retry and Catch match; also the limit on the size of data.
// Code that runs a state throws the error; the interpreter retries, catches or ends the execution.
import { bytes } from '../../core/json.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAX_PAYLOAD_BYTES = 262_144;

export class StateFailure extends Error {
  readonly error: string;
  override readonly cause: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.cause = cause;
  }
}

/** Returns the text if it is within the limit for a state's input or output. */
export function limited(text: string, what: string): string {
  if (bytes(text) <= MAX_PAYLOAD_BYTES) return text;
  throw new StateFailure('States.DataLimitExceeded', `${what} is larger than ${MAX_PAYLOAD_BYTES} bytes`);
}
