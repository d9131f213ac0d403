// The reply that shows how far an approved action has come. relay-result posts it and then edits it.
import type { Progress } from '../../domain/approval.ts';
import { limits, truncate } from './limits.ts';
import { escapeMrkdwn, time } from './mrkdwn.ts';

/** With its time, because Slack does not show when a message was edited. */
export function progressReply({ emoji, text, at }: Progress): string {
  return truncate(`${emoji} ${escapeMrkdwn(text)} (${time(at)})`, limits.sectionText);
}
