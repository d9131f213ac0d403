// The last request to the app and the app's answer, so that a test can send it again.
// Written by the code that sends requests.

/** The app's answer to Slack. */
export interface Answer {
  readonly status: number | 'timeout' | 'unreachable';
  readonly milliseconds: number;
  readonly body: string;
}

/** The request, with everything that is needed to send it again. */
export interface SentRequest {
  readonly body: string;
  readonly contentType: string;
  /** Number of times it was sent again. */
  readonly retries: number;
  /** The answer, once it is known. */
  readonly status?: Answer['status'];
}

export interface LastRequest {
  sent?: SentRequest;
}
