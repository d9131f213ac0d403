// How long an order works at the broker, and when it is looked at. The states that place and check orders use it.

/** A working order in the data of the execution. The state machine waits `waitSeconds`, or cancels. */
export interface OrderWork {
  readonly id: string;
  /** When the order is cancelled if it still works, ISO 8601. */
  readonly workUntil: string;
  /** How often the order was looked at since it was placed. */
  readonly looks: number;
  /** Shares that were filled when it was last looked at. */
  readonly filled: number;
  readonly next: 'wait' | 'cancel';
  /** Seconds until the next look. */
  readonly waitSeconds: number;
}

/** Seconds between the first looks. Later looks are {@link LONGEST_WAIT} apart. */
const FIRST_WAITS = [5, 10, 20, 40];
/** Seconds. */
export const LONGEST_WAIT = 60;

/** A look adds 9 events to the execution's history, and more if a state is retried, which may have 25,000: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const MAX_LOOKS = 1_000;

/** Before the market closes, so that no order is queued for the next day. */
const CLOSING_MS = 60_000;

/** Until when an order works, ISO 8601. @param closesAt when the market closes, ISO 8601 */
export function workUntil(placedAt: string, workSeconds: number, closesAt: string): string {
  const longest = Date.parse(placedAt) + workSeconds * 1_000;
  return new Date(Math.min(longest, Date.parse(closesAt) - CLOSING_MS)).toISOString();
}

/** The next step of an order that works. */
export function nextLook(
  work: Pick<OrderWork, 'id' | 'workUntil' | 'looks' | 'filled'>,
  now: Date,
): OrderWork {
  const leftSeconds = Math.ceil((Date.parse(work.workUntil) - now.getTime()) / 1_000);
  const isOver = leftSeconds <= 0 || work.looks >= MAX_LOOKS;
  const waitSeconds = Math.min(FIRST_WAITS[work.looks] ?? LONGEST_WAIT, Math.max(1, leftSeconds));
  return { ...work, next: isOver ? 'cancel' : 'wait', waitSeconds };
}
