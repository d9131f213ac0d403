// Simulated failures of Web API methods.
// Set through `slack.ts`; `web-api.ts` takes one before each call.

export interface HowToRefuse {
  /** Number of calls that fail; by default all until `stopFailing`. */
  readonly times?: number;
  /** The `Retry-After` of `ratelimited`; by default one second. */
  readonly retryAfterSeconds?: number;
  /** Whether the call is executed before it fails, as Slack may do with `internal_error` or a lost connection. */
  readonly after?: boolean;
  /** Only calls about this channel fail. By default all do. */
  readonly channel?: string;
}

interface Refusal {
  readonly error: string;
  readonly retryAfterSeconds: number;
  readonly after: boolean;
}

export interface Refusals {
  refuse(method: string, error: string, how?: HowToRefuse): void;
  stopFailing(method: string): void;
  /** From now on, messages with a block of these types are refused. */
  refuseBlocks(types: readonly string[]): void;
  readonly refusedBlocks: readonly string[];
  /** Returns the failure for the next call of the method, if there is one, and counts the call. */
  take(method: string, channel: string): Refusal | undefined;
}

/** With this error the connection closes without an answer. */
export const noAnswer = 'no_answer';

export function createRefusals(): Refusals {
  const standing = new Map<string, Refusal & { readonly left: number; readonly only: string | undefined }>();
  let refusedBlocks: readonly string[] = [];
  return {
    refuseBlocks: (types) => {
      refusedBlocks = types;
    },
    get refusedBlocks() {
      return refusedBlocks;
    },
    refuse: (method, error, { times = Infinity, retryAfterSeconds = 1, after = false, channel } = {}) => {
      standing.set(method, { error, retryAfterSeconds, after, left: times, only: channel });
    },
    stopFailing: (method) => {
      standing.delete(method);
    },
    take: (method, channel) => {
      const refusal = standing.get(method);
      if (!refusal || (refusal.only !== undefined && refusal.only !== channel)) return undefined;
      if (refusal.left > 1) standing.set(method, { ...refusal, left: refusal.left - 1 });
      else standing.delete(method);
      return refusal;
    },
  };
}
