// The conversations an app can write to: the channel, and for each person the direct messages between them and the app.
// Asked by the Web API's methods what an id means, and by whatever sends or answers a press where its message stands.
import type { Installation } from './installation.ts';
import { everyone } from './people.ts';
import type { Message } from './state.ts';

export interface Conversation {
  readonly id: string;
  readonly name: string;
  /** Whose direct messages these are; the channel is nobody's alone. */
  readonly person?: string;
}

// Two bots have no direct messages: https://github.com/HubSpot/slack-client/pull/90
const direct: readonly Conversation[] = everyone
  .filter(({ bot }) => !bot)
  .map(({ id }) => ({ id: `D0LOCAL${id.slice(2)}`, name: 'directmessage', person: id }));

export function conversationOf({ channel }: Installation, id: string | undefined): Conversation | undefined {
  return id === channel.id ? channel : direct.find((each) => each.id === id);
}

export const directMessagesWith = (person: string | undefined): Conversation | undefined =>
  direct.find((each) => each.person === person);

export function whereIs({ channel }: Installation, { directTo }: Message): Conversation {
  return directMessagesWith(directTo) ?? channel;
}

export const standsIn = (message: Message | undefined, { person }: Conversation): message is Message =>
  message !== undefined && message.directTo === person;

/** What a message that is written there carries. */
export const writtenTo = ({ person }: Conversation): Pick<Message, 'directTo'> =>
  person === undefined ? {} : { directTo: person };
