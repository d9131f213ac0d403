// The rate limits for calls to Slack by queue handlers and the reconciler. The bot does not wait for a rate limit when
// it answers a person, so these limits leave some of Slack's calls to the bot:
// https://docs.slack.dev/apis/web-api/rate-limits
import type { RateLimit, SharedLimit } from '../aws/rate-limiter-table.ts';

/**
 * Time between two messages in a channel. Slack accepts about one a second, and 3 percent are left for messages that
 * take no slot. If Slack still limits a message, no slot is given until the time that Slack names.
 */
export const MESSAGE_INTERVAL_MS = 1_030;

/** All messages in one channel. Slack accepts short bursts, but does not document how many messages. */
function channelPosts(channel: string): RateLimit {
  return { name: `channel-posts-${channel}`, intervalMs: MESSAGE_INTERVAL_MS, burst: 20 };
}

/** Requests posted in one channel. */
export function requestPosts(channel: string): SharedLimit {
  return {
    name: `request-posts-${channel}`,
    intervalMs: MESSAGE_INTERVAL_MS,
    burst: 20,
    within: channelPosts(channel),
  };
}

/**
 * Replies in threads of one channel, and results of executions that have no request message to reply to. If requests
 * wait, replies get a quarter of the messages at most.
 */
export function threadReplies(channel: string): SharedLimit {
  return {
    name: `thread-replies-${channel}`,
    intervalMs: MESSAGE_INTERVAL_MS,
    burst: 20,
    within: channelPosts(channel),
    guaranteed: { name: `guaranteed-replies-${channel}`, intervalMs: 4 * MESSAGE_INTERVAL_MS, burst: 1 },
  };
}

/**
 * Slack accepts at least 50 calls of chat.update a minute in a workspace (tier 3). This limit allows 40 calls and
 * leaves the others to the bot.
 */
export const messageUpdates: RateLimit = { name: 'message-updates', intervalMs: 1_500, burst: 20 };
