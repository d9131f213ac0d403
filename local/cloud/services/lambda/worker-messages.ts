// What a function's worker thread and the cloud say to each other. `lambda.ts` and `lambda-worker.ts` use it.

export interface WorkerStart {
  readonly bundle: string;
  readonly handler: string;
  /** The clock's distance to the machine's time, shared memory. */
  readonly offset: SharedArrayBuffer;
}

export interface WorkerRequest {
  readonly id: string;
  readonly event: string;
  readonly deadline: number;
}

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

export type Outcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: FunctionError };

/** What a handler streams goes out at once; without a chunk: its stream has ended, and the handler may go on. */
export type WorkerAnswer = { readonly id: string } & (
  | Outcome
  | { readonly streamed: true; readonly chunk?: Uint8Array }
);

/** In a stream, between the status with its headers and the body: eight zeros, as the runtime of Lambda has it. */
export const DELIMITER = Buffer.alloc(8);
