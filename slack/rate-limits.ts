// The rate limits for calls to Slack by queue handlers and the reconciler. The bot does not wait for a rate limit when
// it answers a person, so these limits leave some of Slack's calls to the bot:
// https://docs.slack.dev/apis/web-api/rate-limits
import type { RateLimit } from '../aws/rate-limiter-table.ts';

/**
 * Time between two requests in a channel. Slack accepts about one message a second in a channel, and requests use four
 * fifths of that. Together with thread replies, the total may exceed Slack's limit. Slack then names a time to
 * wait, and the rate limit of the rejected message gives no slots until then.
 */
export const REQUEST_INTERVAL_MS = 1_250;

/** Requests posted in one channel. Slack accepts short bursts, but does not document how many messages. */
export function requestPosts(channel: string): RateLimit {
  return { name: `request-posts-${channel}`, intervalMs: REQUEST_INTERVAL_MS, burst: 20 };
}

/** Replies in threads of one channel, and results of executions that have no request message to reply to. */
export function threadReplies(channel: string): RateLimit {
  return { name: `thread-replies-${channel}`, intervalMs: 2_500, burst: 20 };
}

/**
 * Slack accepts at least 50 calls of chat.update a minute in a workspace (tier 3). This limit allows 40 calls and
 * leaves the others to the bot.
 */
export const messageUpdates: RateLimit = { name: 'message-updates', intervalMs: 1_500, burst: 20 };
