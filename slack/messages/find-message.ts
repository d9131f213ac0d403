// Finds a message that somebody may have posted and did not live to store: by the metadata it carries. Whoever takes a
// claim over that has lapsed looks before they post; nobody else pays for the look.
import type { WebClient } from '@slack/web-api';

/** What a message of ours carries, by which it is found again. */
export interface MessageMetadata {
  readonly event_type: string;
  readonly event_payload: { readonly id: string };
}

export interface Place {
  /** Slack channel id, or that of a direct conversation. */
  readonly channel: string;
  /** `ts` of the message in whose thread it would stand. */
  readonly threadTs?: string | undefined;
  /** It would not be older than this, ISO 8601. */
  readonly since: string;
}

/** Messages that Slack is asked for at once, of 999 at most: https://docs.slack.dev/reference/methods/conversations.history */
const PAGE = 200;

/** Its `ts`. Undefined: it was not posted. */
export async function findMessage(
  slack: WebClient,
  { channel, threadTs, since }: Place,
  { event_type, event_payload }: MessageMetadata,
): Promise<string | undefined> {
  const oldest = String(Math.floor(Date.parse(since) / 1_000));
  const asked = { channel, oldest, include_all_metadata: true, limit: PAGE };
  let cursor: string | undefined;
  do {
    const from = { ...asked, ...(cursor ? { cursor } : {}) };
    const page = threadTs
      ? await slack.conversations.replies({ ...from, ts: threadTs })
      : await slack.conversations.history(from);
    const found = page.messages?.find(
      ({ metadata }) => metadata?.event_type === event_type && isOf(metadata.event_payload, event_payload.id),
    );
    if (found) return found.ts;
    cursor = page.response_metadata?.next_cursor;
  } while (cursor);
  return undefined;
}

function isOf(payload: unknown, id: string): boolean {
  return typeof payload === 'object' && payload !== null && 'id' in payload && payload.id === id;
}
