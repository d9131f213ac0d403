// An error inside an execution, by the name that retriers and catchers match. What runs a state throws it; the
// interpreter turns it into a retry, a catch or the end.

export class StateFailure extends Error {
  readonly error: string;
  override readonly cause: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.cause = cause;
  }
}
