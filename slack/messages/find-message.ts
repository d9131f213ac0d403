// Finds a message by its metadata. A worker calls it if an earlier worker may have posted the message but did not store
// the message's `ts`. Otherwise a worker posts without searching.
import type { WebClient } from '@slack/web-api';

/** Attached to each message, so that the message can be found. */
export interface MessageMetadata {
  readonly event_type: string;
  readonly event_payload: { readonly id: string };
}

export interface SearchScope {
  /** Slack id of a channel or of a direct-message conversation. */
  readonly channel: string;
  /** `ts` of the thread's first message. Undefined if the message is not in a thread. */
  readonly threadTs?: string | undefined;
  /** The message is not older than this time, ISO 8601. */
  readonly since: string;
}

/** Slack allows at most 999: https://docs.slack.dev/reference/methods/conversations.history */
const MESSAGES_A_PAGE = 200;

/** Returns the `ts` of the message. Undefined if there is no such message. */
export async function findMessage(
  slack: WebClient,
  { channel, threadTs, since }: SearchScope,
  { event_type, event_payload }: MessageMetadata,
): Promise<string | undefined> {
  const oldest = String(Math.floor(Date.parse(since) / 1_000));
  const parameters = { channel, oldest, include_all_metadata: true, limit: MESSAGES_A_PAGE };
  let cursor: string | undefined;
  do {
    const request = { ...parameters, ...(cursor ? { cursor } : {}) };
    const page = threadTs
      ? await slack.conversations.replies({ ...request, ts: threadTs })
      : await slack.conversations.history(request);
    const found = page.messages?.find(
      ({ metadata }) =>
        metadata?.event_type === event_type && hasId(metadata.event_payload, event_payload.id),
    );
    if (found) return found.ts;
    cursor = page.response_metadata?.next_cursor;
  } while (cursor);
  return undefined;
}

function hasId(payload: unknown, id: string): boolean {
  return typeof payload === 'object' && payload !== null && 'id' in payload && payload.id === id;
}
