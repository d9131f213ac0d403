// The rate limits of Slack that functions behind queues respect. Presses do not wait for a slot; the limits leave room for
// them: https://docs.slack.dev/apis/web-api/rate-limits
import type { RateLimit } from '../aws/rate-limiter-table.ts';

/** Between two requests in a channel. Slack takes one message a second, and a fifth of that is left to replies. */
export const REQUEST_INTERVAL_MS = 1_250;

/** Messages that ask people, in one channel. Slack lets short bursts through and does not say how short. */
export function requestPosts(channel: string): RateLimit {
  return { name: `request-posts-${channel}`, intervalMs: REQUEST_INTERVAL_MS, burst: 20 };
}

/** Replies in threads of one channel, and results of executions that asked nobody. */
export function threadReplies(channel: string): RateLimit {
  return { name: `thread-replies-${channel}`, intervalMs: 2_500, burst: 20 };
}

/** chat.update is of tier 3: at least 50 a minute for the workspace. Functions take 40, and presses have the rest. */
export const messageUpdates: RateLimit = { name: 'message-updates', intervalMs: 1_500, burst: 20 };
