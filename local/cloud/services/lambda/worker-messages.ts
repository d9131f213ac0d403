// The messages between a function's worker thread and the cloud. `functions.ts` and `lambda-worker.ts` use them.

export interface WorkerStart {
  /** The folder of the function's code, and the file in it that exports the handler. */
  readonly folder: string;
  readonly bundle: string;
  readonly exported: string;
  /** The cloud clock's time minus the machine's time, in milliseconds: a Float64 in shared memory. */
  readonly offset: SharedArrayBuffer;
  /** By how much the function's clock is ahead of the cloud's clock. */
  readonly skew: SharedArrayBuffer;
}

export interface WorkerRequest {
  readonly id: string;
  readonly event: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Lambda sets it in the environment for each invocation, and the SDK sends it with each request. */
  readonly traceHeader: string;
}

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

export type Outcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: FunctionError };

/** The outcome, or a chunk of the stream. Without a `chunk` the stream has ended, but the handler may continue. */
export type WorkerAnswer = { readonly id: string } & (
  | Outcome
  | { readonly streamed: true; readonly chunk?: Uint8Array }
);

/** In a stream, separates the status and headers from the body: eight zero bytes, as in Lambda's runtime. */
export const DELIMITER = Buffer.alloc(8);
