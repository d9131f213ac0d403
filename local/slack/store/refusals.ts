// Refusals on demand: what the Web API answers in the place of its own answer while a test wants it to.
// Asked for through `slack.ts`, taken by `web-api.ts` before each call.

export interface HowToRefuse {
  /** For so many calls; without it, until `stopFailing`. */
  readonly times?: number;
  /** What the header of `ratelimited` says; one second if nothing else is said. */
  readonly retryAfterSeconds?: number;
  /** The call is carried out first, and refused then: as Slack may with `internal_error`, and any line may break late. */
  readonly after?: boolean;
}

interface Refusal {
  readonly error: string;
  readonly retryAfterSeconds: number;
  readonly after: boolean;
}

export interface Refusals {
  refuse(method: string, error: string, how?: HowToRefuse): void;
  stopFailing(method: string): void;
  /** What that method is to be refused with now, which counts as one of its times. */
  take(method: string): Refusal | undefined;
}

/** The error's name under which the line is cut, and nothing answered at all. */
export const noAnswer = 'no_answer';

export function createRefusals(): Refusals {
  const standing = new Map<string, Refusal & { readonly left: number }>();
  return {
    refuse: (method, error, { times = Infinity, retryAfterSeconds = 1, after = false } = {}) => {
      standing.set(method, { error, retryAfterSeconds, after, left: times });
    },
    stopFailing: (method) => {
      standing.delete(method);
    },
    take: (method) => {
      const refusal = standing.get(method);
      if (!refusal) return undefined;
      if (refusal.left > 1) standing.set(method, { ...refusal, left: refusal.left - 1 });
      else standing.delete(method);
      return refusal;
    },
  };
}
