// The conversations an app can write to: the channels, and each person's direct messages with the app.
// The Web API's methods look up a conversation by its id, and `press-button.ts` looks up that of a message.
import type { Channel } from './channels.ts';
import type { Installation } from './installation.ts';
import { directMessagesId, everyone } from './people.ts';
import type { Message } from './message.ts';

export interface Conversation extends Channel {
  /** The person of these direct messages; undefined for a channel. */
  readonly person?: string;
}

// A bot cannot exchange direct messages with another bot: https://github.com/HubSpot/slack-client/pull/90
const direct: readonly Conversation[] = everyone
  .filter(({ id, bot }) => !bot && id !== 'USLACKBOT')
  .map(({ id }) => ({ id: directMessagesId(id), name: 'directmessage', person: id }));

export const conversationOf = (
  { channels }: Pick<Installation, 'channels'>,
  id: string | undefined,
): Conversation | undefined => [...channels, ...direct].find((each) => each.id === id);

export const directMessagesWith = (person: string | undefined): Conversation | undefined =>
  direct.find((each) => each.person === person);

/** The channel with this id, by default the first. Throws if there is none. */
export function channelOf({ channels }: Pick<Installation, 'channels'>, id = channels[0].id): Channel {
  const channel = channels.find((each) => each.id === id);
  if (channel) return channel;
  throw new Error(`There is no channel ${id}; there is ${channels.map((each) => each.id).join(', ')}`);
}

export const isIn = (message: Message | undefined, { id }: Conversation): message is Message =>
  message?.channel === id;
