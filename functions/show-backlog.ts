// Says in the channel that many requests wait for their turn to be asked there: one message for all of them, kept up to
// date until none is left. keep-watch calls it once a minute, with their number.
import type { WebClient } from '@slack/web-api';
import type { Backlog, BacklogTable } from '../aws/backlog-table.ts';
import type { Log } from '../aws/log.ts';
import { findMessage } from '../slack/messages/find-message.ts';
import { slackErrorCode } from '../slack/slack-errors.ts';
import { backlogDone, backlogMessage } from '../slack/views/backlog.ts';

export interface BacklogDependencies {
  readonly backlogs: BacklogTable;
  readonly slack: () => Promise<WebClient>;
  /** Slack channel id. */
  readonly channel: string;
  readonly now: () => Date;
  readonly log: Log;
}

/** So many are worth a message of their own: at a message a second nobody reads them one by one. */
export const MANY = 20;

/** Milliseconds between two requests in a channel. */
const APART = 1_250;

/** @param waiting how many have been stored and not yet posted */
export async function showBacklog(waiting: number, dependencies: BacklogDependencies): Promise<void> {
  const { backlogs, slack, channel, now, log } = dependencies;
  const shown = await backlogs.get(channel);
  if (!shown && waiting < MANY) return;
  const backlog = shown ?? { since: now().toISOString() };
  const text =
    waiting === 0
      ? backlogDone(backlog.since)
      : backlogMessage(waiting, new Date(now().getTime() + waiting * APART).toISOString());
  // Stored before it is posted: whoever dies in between is followed by one who looks for it.
  if (!shown && !(await backlogs.begin(channel, backlog))) return;
  const web = await slack();
  const ts = backlog.ts ?? (shown && (await posted(web, channel, backlog)));
  const gone = ts ? !(await updateMessage(web, { channel, ts, text })) : false;
  if (!ts) await post(web, text, backlog, dependencies);
  if (waiting === 0 || gone) await backlogs.end(channel);
  log('backlog_shown', { waiting });
}

/** False: somebody deleted it. */
async function updateMessage(
  { chat }: WebClient,
  message: { readonly channel: string; readonly ts: string; readonly text: string },
): Promise<boolean> {
  try {
    await chat.update(message);
    return true;
  } catch (error) {
    if (slackErrorCode(error) === 'message_not_found') return false;
    throw error;
  }
}

async function post(
  web: WebClient,
  text: string,
  backlog: Backlog,
  { backlogs, channel }: BacklogDependencies,
): Promise<void> {
  const { ts } = await web.chat.postMessage({ channel, text, metadata: markOf(backlog) });
  await backlogs.put(channel, { ...backlog, ts });
}

function posted(web: WebClient, channel: string, backlog: Backlog): Promise<string | undefined> {
  return findMessage(web, { channel, since: backlog.since }, markOf(backlog));
}

function markOf({ since }: Backlog) {
  return { event_type: 'countersign_backlog', event_payload: { id: since } };
}
