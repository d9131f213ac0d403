// Posts one message in the channel with the number of requests that wait to be posted, and updates this message until
// no request waits. The reconciler calls it every minute.
import type { WebClient } from '@slack/web-api';
import type { Backlog, BacklogTable } from '../aws/backlog-table.ts';
import type { Log } from '../aws/log.ts';
import { findMessage } from '../slack/messages/find-message.ts';
import { MESSAGE_INTERVAL_MS } from '../slack/rate-limits.ts';
import { failureFields, isDeleted, isFrozen, isUnreachable } from '../slack/slack-errors.ts';
import { backlogDone, backlogMessage } from '../slack/views/backlog.ts';

export interface BacklogDependencies {
  readonly backlogs: BacklogTable;
  readonly slack: () => Promise<WebClient>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Minimum number of waiting requests for which a backlog message is posted. */
export const BACKLOG_THRESHOLD = 20;

/** The work of one channel. @property channel its Slack id */
type ChannelDependencies = BacklogDependencies & { readonly channel: string };

/**
 * If the channel cannot be reached, it is tried again while requests wait, which is until their deadlines at most.
 * @param waiting number of approvals that are stored and not posted
 */
export async function showBacklog(waiting: number, dependencies: ChannelDependencies): Promise<void> {
  const { backlogs, channel, now, log } = dependencies;
  const stored = await backlogs.get(channel);
  if (!stored && waiting < BACKLOG_THRESHOLD) return;
  const backlog = stored ?? { since: now().toISOString() };
  // The backlog is stored before the message is posted. If this call fails after posting, the next call finds the
  // stored backlog without a `ts` and searches for the message.
  if (!stored && !(await backlogs.begin(channel, backlog))) return;
  try {
    await show(waiting, backlog, stored !== undefined, dependencies);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    log('channel_unreachable', { channel, ...failureFields(error) });
    if (waiting === 0) await backlogs.end(channel);
    return;
  }
  log('backlog_shown', { waiting });
}

async function show(
  waiting: number,
  backlog: Backlog,
  possiblyPosted: boolean,
  { backlogs, slack, channel, now }: ChannelDependencies,
): Promise<void> {
  const lastAt = new Date(now().getTime() + waiting * MESSAGE_INTERVAL_MS).toISOString();
  const text = waiting === 0 ? backlogDone(backlog.since) : backlogMessage(waiting, lastAt);
  const web = await slack();
  const metadata = { event_type: 'countersign_backlog', event_payload: { id: backlog.since } };
  const found =
    possiblyPosted && !backlog.ts && (await findMessage(web, { channel, since: backlog.since }, metadata));
  const ts = backlog.ts ?? found;
  if (ts) {
    const updated = await update(web, { channel, ts, text });
    if (waiting === 0 || !updated) await backlogs.end(channel);
  } else if (waiting === 0) {
    await backlogs.end(channel);
  } else {
    const posted = await web.chat.postMessage({ channel, text, metadata });
    await backlogs.put(channel, { ...backlog, ts: posted.ts });
  }
}

/** Returns false if somebody deleted the message. */
async function update(
  { chat }: WebClient,
  message: { readonly channel: string; readonly ts: string; readonly text: string },
): Promise<boolean> {
  try {
    await chat.update(message);
    return true;
  } catch (error) {
    if (isDeleted(error) || isFrozen(error)) return false;
    throw error;
  }
}
