// The rate limits of Slack that queue handlers and the reconciler respect. Presses do not wait for a slot, so
// the limits reserve calls for them: https://docs.slack.dev/apis/web-api/rate-limits
import type { RateLimit } from '../aws/rate-limiter-table.ts';

/**
 * Time between two requests in a channel: they use four fifths of the one message a second that Slack accepts. If
 * requests and replies together exceed it, Slack names a time to wait, and the limit pauses until then.
 */
export const REQUEST_INTERVAL_MS = 1_250;

/** Requests posted in one channel. Slack accepts short bursts and does not document how short. */
export function requestPosts(channel: string): RateLimit {
  return { name: `request-posts-${channel}`, intervalMs: REQUEST_INTERVAL_MS, burst: 20 };
}

/** Replies in threads of one channel, and results of executions without a request. */
export function threadReplies(channel: string): RateLimit {
  return { name: `thread-replies-${channel}`, intervalMs: 2_500, burst: 20 };
}

/**
 * chat.update is in tier 3: at least 50 calls a minute for the workspace. Functions use 40, and presses use the rest.
 */
export const messageUpdates: RateLimit = { name: 'message-updates', intervalMs: 1_500, burst: 20 };
