// Where Slack takes only so many calls a time, functions behind queues call it in turn; presses call it whenever they
// come, and find room: https://docs.slack.dev/apis/web-api/rate-limits
import type { Lane } from '../aws/rate-limiter-table.ts';

/**
 * Slack takes one message a second in a channel; short bursts are let through, it says, and not how short. Requests
 * leave a fifth of that to replies, so that no result waits behind a thousand requests.
 */
export function asking(channel: string): Lane {
  return { name: `asking-${channel}`, step: 1_250, burst: 20 };
}

/** Replies in threads, and what is told of who was never asked. More than that is held back by Slack itself. */
export function replying(channel: string): Lane {
  return { name: `replying-${channel}`, step: 2_500, burst: 20 };
}

/** chat.update is of tier 3, 50 a minute and more for the whole workspace: 40 of them here, ten for those who press. */
export const updating: Lane = { name: 'updating', step: 1_500, burst: 20 };
