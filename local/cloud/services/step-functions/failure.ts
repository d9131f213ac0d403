// The error that code throws when a state fails, with the error name that Retry and Catch match, and the limit on the
// size of a state's data. The interpreter handles the error: it retries, catches or ends the execution.
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

/** Returns the text. Throws `States.DataLimitExceeded` if it is too large for a state's input or output. */
export function limited(text: string, what: string): string {
  if (bytes(text) <= MAX_PAYLOAD_BYTES) return text;
  throw new StateFailure('States.DataLimitExceeded', `${what} is larger than ${MAX_PAYLOAD_BYTES} bytes`);
}
