// The conversations an app can write to: the channel, and each person's direct messages with the app.
// The Web API's methods look up a conversation by its id, and `press-button.ts` looks up that of a message.
import type { Installation } from './installation.ts';
import { everyone } from './people.ts';
import type { Message } from './state.ts';

export interface Conversation {
  readonly id: string;
  readonly name: string;
  /** The person of these direct messages; undefined for the channel. */
  readonly person?: string;
}

// A bot cannot exchange direct messages with another bot: https://github.com/HubSpot/slack-client/pull/90
const direct: readonly Conversation[] = everyone
  .filter(({ id, bot }) => !bot && id !== 'USLACKBOT')
  .map(({ id }) => ({ id: `D0LOCAL${id.slice(2)}`, name: 'directmessage', person: id }));

export function conversationOf({ channel }: Installation, id: string | undefined): Conversation | undefined {
  return id === channel.id ? channel : direct.find((each) => each.id === id);
}

export const directMessagesWith = (person: string | undefined): Conversation | undefined =>
  direct.find((each) => each.person === person);

export function whereIs({ channel }: Installation, { directTo }: Message): Conversation {
  return directMessagesWith(directTo) ?? channel;
}

export const isIn = (message: Message | undefined, { person }: Conversation): message is Message =>
  message !== undefined && message.directTo === person;

/** The field of a message that says which conversation contains it. */
export const writtenTo = ({ person }: Conversation): Pick<Message, 'directTo'> =>
  person === undefined ? {} : { directTo: person };
