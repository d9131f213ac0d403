// Converts a stored message to the format of Slack's API.
// Called for the answers of the Web API and for block_actions payloads.
import { app, team } from '../store/people.ts';
import type { Message } from '../store/message.ts';

/** Omits the metadata, because Slack sends it only on request. */
export function messageObject(message: Message, botName: string): object {
  const { ts, text, blocks, threadTs, edited } = message;
  const author =
    message.bot === botName ? { user: app.botUser, bot_id: app.bot, app_id: app.id } : { user: message.user };
  return {
    type: 'message',
    ...author,
    ts,
    text,
    team: team.id,
    ...(blocks && { blocks }),
    ...(threadTs && { thread_ts: threadTs }),
    ...(edited && { edited: { user: app.botUser, ts: edited } }),
  };
}
