// The last request to the app with the status of the app's answer, so that a test can send the request again.
// Written by `send-request.ts`.

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
  /** Number of times that the request was sent again. */
  readonly retries: number;
  /** Status of the answer. Undefined while there is no answer. */
  readonly status?: Answer['status'];
}

export interface LastRequest {
  sent?: SentRequest;
}
