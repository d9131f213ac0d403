// The message that stands for many: requests that wait for their turn to be asked in the channel. keep-watch posts it
// when they become too many, and keeps it up to date until none is left.
import { time } from './mrkdwn.ts';

/** @param lastAt when the last of them is asked, about, ISO 8601 */
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
