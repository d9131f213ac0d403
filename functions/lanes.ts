// Where Slack takes only so many calls a time, functions behind queues call it in turn; presses call it whenever they
// come, and find room: https://docs.slack.dev/apis/web-api/rate-limits
import type { Lane } from '../aws/pace-table.ts';

/** One message a second in a channel; short bursts are let through, Slack says, and not how short. */
export function posting(channel: string): Lane {
  return { name: `posting-${channel}`, step: 1_000, burst: 30 };
}

/** chat.update is of tier 3, 50 a minute and more for the whole workspace: 40 of them here, ten for those who press. */
export const updating: Lane = { name: 'updating', step: 1_500, burst: 20 };
