// Thrown if work cannot be done now, but may succeed later. The queue handler then sends the message to its queue
// again, with a delay.

export class RetryLater extends Error {
  override readonly name: string = 'RetryLater';
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds = 60) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
