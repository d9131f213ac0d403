// A message as the workspace stores it, and the response URL that lets an app answer in a conversation.
// Stored by `state.ts`; read by the Web API, the actions of people and the page.
import type { Block } from '../blocks/blocks.ts';
import type { FileInfo } from './files.ts';

export interface Metadata {
  readonly event_type: string;
  readonly event_payload: object;
}

export interface Message {
  readonly ts: string;
  /** The id of the conversation: a channel, or a person's direct messages with the app. */
  readonly channel: string;
  /** The `ts` of the message whose thread contains this message. */
  readonly threadTs?: string;
  /** The author's id if a person wrote the message; otherwise `bot` has the bot's name. */
  readonly user?: string;
  readonly bot?: string;
  readonly text: string;
  readonly blocks?: readonly Block[];
  readonly metadata?: Metadata;
  readonly files?: readonly FileInfo[];
  /** Time of the last update that Slack marks as an edit, in the format of `ts`. */
  readonly edited?: string;
  /** True for a reply that is also shown in the channel. */
  readonly broadcast?: boolean;
  /** The only person who sees the message; undefined unless it is ephemeral. */
  readonly onlyFor?: string;
  /** Error code of a person's last press in this message, if it failed. Only that person sees it. */
  readonly warning?: string;
}

export interface ResponseUrl {
  readonly id: string;
  readonly person: string;
  /** The id of the conversation in which the URL was created. */
  readonly channel: string;
  readonly madeAt: number;
  readonly uses: number;
  /** The message that `replace_original` and `delete_original` refer to, if there is one. */
  readonly original?: string;
}

export type DeletedMessage = Pick<Message, 'channel' | 'ts'>;
