// Sends direct messages about a request whose channel cannot be reached: to the people who may approve it, and to the
// requester. request-approval calls it at each try to post the request, and each person gets one message.
import type { WebClient } from '@slack/web-api';
import type { Log } from '../aws/log.ts';
import type { PreferencesTable } from '../aws/preferences-table.ts';
import type { UnpostedNotices } from '../aws/unposted-notices.ts';
import type { Approval } from '../domain/approval.ts';
import { mayStillApprove } from '../domain/votes.ts';
import { MAX_DIRECT_MESSAGES, postToPerson } from '../slack/messages/post-once.ts';
import { unpostedNotice } from '../slack/views/unposted-notice.ts';
import { notifyOnce } from './notify-once.ts';

export interface NotifyUnpostedDependencies {
  readonly unpostedNotices: UnpostedNotices;
  readonly people: Pick<PreferencesTable, 'preferences'>;
  readonly slack: () => Promise<WebClient>;
  readonly now: () => Date;
  readonly log: Log;
}

export async function notifyUnposted(
  approval: Approval,
  { unpostedNotices, people, slack, now, log }: NotifyUnpostedDependencies,
): Promise<void> {
  await unpostedNotices.record(approval, now());
  const web = await slack();
  const metadata = { event_type: 'countersign_unposted', event_payload: { id: approval.id } };
  const send = (person: string, reader: 'approver' | 'requester') => async (possiblyPosted: boolean) => {
    const notice = { text: unpostedNotice(approval, reader), metadata, since: approval.askedAt };
    await postToPerson(person, notice, possiblyPosted, web, log);
  };
  for (const person of mayStillApprove(approval).slice(0, MAX_DIRECT_MESSAGES))
    await notifyOnce(`approver-${person}`, approval, unpostedNotices, now, send(person, 'approver'));
  const { requester } = approval;
  if (requester && (await people.preferences(requester, now())).directMessages)
    await notifyOnce('requester', approval, unpostedNotices, now, send(requester, 'requester'));
}
