// The message that says how many requests wait to be posted in a channel. The reconciler posts it when there are many,
// and updates it until none is left.
import { time } from './mrkdwn.ts';

/** @param lastAt the approximate time at which the last request is posted, ISO 8601 */
export function backlogMessage(waiting: number, lastAt: string): string {
  const many = waiting.toLocaleString('en-US');
  return [
    `:hourglass_flowing_sand: *${many} requests wait to be asked here.* Slack takes about one message a second; the last is asked at about ${time(lastAt)}.`,
    "Nobody need wait for that: the app's Home has the most urgent already, with their buttons.",
  ].join('\n');
}

export function backlogDone(since: string): string {
  return `:white_check_mark: The many requests from ${time(since)} on have all been asked.`;
}
