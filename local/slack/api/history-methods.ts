// The Web API methods that read messages: of a conversation, newest first, and of a thread, oldest first.
// Called through the table in `methods.ts`.
import { refusalOfAccess } from './access.ts';
import { refused } from './arguments.ts';
import type { Answered, Arguments, Refused } from './arguments.ts';
import { conversationOf, isIn } from '../store/conversations.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Installation } from '../store/installation.ts';
import { messageObject } from './message-object.ts';
import type { Message } from '../store/message.ts';

// https://docs.slack.dev/reference/methods/conversations.history
export function history(installation: Installation, sent: Arguments): Answered | Refused {
  const conversation = conversationOf(installation, sent.channel);
  if (!conversation) return refused('channel_not_found');
  const refusal = lacking(installation, conversation) ?? refusalOfAccess(installation, conversation, 'read');
  if (refusal) return refusal;
  const shown = all(installation, conversation).filter(({ threadTs, broadcast }) => !threadTs || broadcast);
  return page(installation, shown.toReversed(), sent);
}

// https://docs.slack.dev/reference/methods/conversations.replies
export function replies(installation: Installation, sent: Arguments): Answered | Refused {
  const conversation = conversationOf(installation, sent.channel);
  if (!conversation) return refused('channel_not_found');
  const refusal = lacking(installation, conversation) ?? refusalOfAccess(installation, conversation, 'read');
  if (refusal) return refusal;
  const thread = all(installation, conversation).filter(({ ts, threadTs }) => (threadTs ?? ts) === sent.ts);
  return thread.length === 0 ? refused('thread_not_found') : page(installation, thread, sent);
}

/** Returns the refusal if the app lacks `im:history`, the scope for reading direct messages. Undefined otherwise. */
function lacking({ manifest }: Installation, { person }: Conversation): Refused | undefined {
  const provided = manifest.scopes.join(',');
  if (!person || manifest.scopes.includes('im:history')) return undefined;
  return { ...refused('missing_scope'), needed: 'im:history', provided };
}

function all({ workspace }: Installation, conversation: Conversation): readonly Message[] {
  const messages = conversation.person ? workspace.directMessages(conversation.person) : workspace.messages();
  return messages.filter((message) => isIn(message, conversation) && !message.onlyFor);
}

// https://docs.slack.dev/reference/methods/conversations.history
const LONGEST_PAGE = 999;

/** Returns one page of messages. The cursor is the index of the next page's first message in base64. */
function page(
  { manifest }: Installation,
  messages: readonly Message[],
  { oldest = '0', limit = 100, cursor = '', include_all_metadata }: Arguments,
): Answered | Refused {
  if (limit < 1 || limit > LONGEST_PAGE) return refused('invalid_limit');
  const from = cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64').toString());
  if (!Number.isInteger(from)) return refused('invalid_cursor');
  const wanted = messages.filter(({ ts }) => Number(ts) > Number(oldest));
  const shown = wanted.slice(from, from + limit);
  const next = from + limit < wanted.length ? Buffer.from(String(from + limit)).toString('base64') : '';
  return {
    ok: true,
    messages: shown.map((message) => ({
      ...messageObject(message, manifest.botName),
      ...(include_all_metadata && message.metadata && { metadata: message.metadata }),
    })),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  };
}
