// The error of work that cannot be done now, but may succeed later. Queue handlers requeue a message whose work throws
// it.

export class RetryLater extends Error {
  override readonly name: string = 'RetryLater';
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds = 60) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
