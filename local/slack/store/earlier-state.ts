// Converts the state that a version with only one channel saved: it gives every message, response URL and deleted message
// its channel. `state.ts` calls it with each saved state.
import { directMessagesId } from './people.ts';
import type { DeletedMessage, Message, ResponseUrl } from './message.ts';

/** A message or a response URL, of this version or of an earlier one. */
type Saved<Part> = Omit<Part, 'channel'> & { readonly channel?: string; readonly directTo?: string };

interface SavedState {
  messages: readonly Saved<Message>[];
  responseUrls: readonly Saved<ResponseUrl>[];
  deleted: readonly (DeletedMessage | string)[];
}

/** `first` is the id of the first channel. It receives what was in the only channel. */
export function withChannels({ messages, responseUrls, deleted }: SavedState, first: string) {
  const placed = <Part extends Message | ResponseUrl>({ directTo, ...rest }: Saved<Part>) => ({
    channel: directTo === undefined ? first : directMessagesId(directTo),
    ...rest,
  });
  return {
    messages: messages.map((each) => placed<Message>(each)),
    responseUrls: responseUrls.map((each) => placed<ResponseUrl>(each)),
    deleted: deleted.map((each) => (typeof each === 'string' ? { channel: first, ts: each } : each)),
  };
}
