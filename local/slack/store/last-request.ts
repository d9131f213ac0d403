// The last request that was sent to the app, and what the app answered, so that a test can have Slack send it again.
// The senders of requests write it.

/** What the app answered to Slack. */
export interface Answer {
  readonly status: number | 'timeout' | 'unreachable';
  readonly milliseconds: number;
  readonly body: string;
}

/** What was sent to the app, as far as sending it again needs it. */
export interface SentRequest {
  readonly body: string;
  readonly contentType: string;
  /** How often it was sent again. */
  readonly retries: number;
  /** What came of it, once that is known. */
  readonly status?: Answer['status'];
}

export interface LastRequest {
  sent?: SentRequest;
}
