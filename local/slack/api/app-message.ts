// Reads a message that the app sends, and prepares it for the store.
// Called by the Web API's methods, and for the answer to a slash command or a POST to a response URL.
import { readArguments, refused } from './arguments.ts';
import type { Arguments, Refused } from './arguments.ts';
import { withIds } from '../blocks/blocks.ts';
import { isRecord } from '../blocks/validators.ts';
import type { Message } from '../store/message.ts';

/** In characters: https://docs.slack.dev/reference/methods/chat.postMessage */
export const LONGEST_TEXT = 40_000;

// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
export function readAppMessage(sent: unknown): Arguments | Refused {
  if (!isRecord(sent)) return refused('invalid_payload');
  const message = readArguments(
    sent,
    ['text', 'blocks', 'response_type', 'replace_original', 'delete_original', 'thread_ts'],
    [],
  );
  if ('error' in message || message.delete_original) return message;
  return refusalOfContent(message, LONGEST_TEXT) ?? message;
}

export function refusalOfContent(
  { text = '', blocks = [] }: Arguments,
  longest: number,
): Refused | undefined {
  if (text === '' && blocks.length === 0) return refused('no_text');
  return text.length > longest ? refused('msg_too_long') : undefined;
}

export function contentOf({ text = '', blocks = [] }: Arguments): Pick<Message, 'text' | 'blocks'> {
  return { text, ...(blocks.length > 0 && { blocks: withIds(blocks) }) };
}
