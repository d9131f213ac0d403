// The error of work that cannot be done now and may be done later. Queue handlers requeue the message of such work instead
// of failing it.

export class RetryLater extends Error {
  override readonly name: string = 'RetryLater';
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds = 60) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
