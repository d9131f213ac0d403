// Tells the people who had approved a request that was then changed, because an update of a message notifies nobody.
// relay-result calls it after an amendment, and the reconciler if that failed. A lease ensures that they are told once.
import type { WebClient } from '@slack/web-api';
import type { Amendments } from '../aws/amendments.ts';
import type { Log } from '../aws/log.ts';
import { unnotifiedAmendments } from '../domain/amendment.ts';
import type { Amendment, Approval } from '../domain/approval.ts';
import { postReply } from '../slack/messages/post-reply.ts';
import { threadReplies } from '../slack/rate-limits.ts';
import { definitelyNotExecuted } from '../slack/slack-errors.ts';
import { amendedReply } from '../slack/views/amendment-reply.ts';
import type { Acquire } from './queue-handler.ts';

interface NotifyVotersDependencies {
  readonly approvals: Amendments;
  readonly slack: () => Promise<WebClient>;
  readonly acquire: Acquire;
  readonly now: () => Date;
  readonly log: Log;
}

export async function notifyVoters(
  approval: Approval,
  dependencies: NotifyVotersDependencies,
): Promise<void> {
  const { approvals, acquire, now, log } = dependencies;
  for (const amendment of unnotifiedAmendments(approval)) {
    const count = (approval.amendments?.indexOf(amendment) ?? 0) + 1;
    // Somebody who approved again needs no mention.
    const voters = amendment.voters.filter((id) => !(id in approval.votes));
    if (voters.length === 0) {
      await approvals.recordVotersNotified(approval, count);
      continue;
    }
    await acquire(threadReplies(approval.channel));
    const lease = await approvals.leaseVoterNotice(approval, count, now());
    if (lease === 'done') continue;
    // The reconciler tells them, if the holder of the lease does not.
    if (lease === 'held') return;
    await notify(approval, { ...amendment, voters }, count, lease === 'taken_over', dependencies);
    log('voters_notified', { execution: approval.execution, approval: approval.id, voters: voters.length });
  }
}

async function notify(
  approval: Approval,
  { voters }: Amendment,
  count: number,
  possiblyPosted: boolean,
  { approvals, slack, log }: NotifyVotersDependencies,
): Promise<void> {
  const event_payload = { id: `${approval.id}-${count}` };
  const notice = {
    text: amendedReply(approval, voters),
    metadata: { event_type: 'countersign_amended', event_payload },
    since: approval.askedAt,
  };
  try {
    await postReply(approval, notice, voters, possiblyPosted, await slack(), log);
  } catch (error) {
    // If the lease was taken over, an earlier holder may have posted, so the next run must search again.
    if (!possiblyPosted && definitelyNotExecuted(error)) await approvals.releaseVoterNotice(approval);
    throw error;
  }
  await approvals.recordVotersNotified(approval, count);
}
