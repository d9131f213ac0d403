// The message that says how many requests wait to be posted in a channel. The reconciler posts it when there are many,
// and updates it until none is left.
import { time } from './mrkdwn.ts';

/** @param lastAt the approximate time at which the last request is posted, ISO 8601 */
export function backlogMessage(waiting: number, lastAt: string): string {
  const many = waiting.toLocaleString('en-US');
  return [
    `:hourglass_flowing_sand: *${many} requests are queued for this channel.* Slack accepts about one message a second, so the last appears at about ${time(lastAt)}.`,
    "You can decide the most urgent ones now, in this app's Home tab.",
  ].join('\n');
}

export function backlogDone(since: string): string {
  return `:white_check_mark: No request is queued any more. The queue began at ${time(since)}.`;
}
