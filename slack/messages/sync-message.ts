// Updates the message of an approval to show the current record. The bot calls it after each vote, and the functions
// behind queues after each change of the record.
import type { WebClient } from '@slack/web-api';
import type { Approvals } from '../../aws/approvals-table.ts';
import type { Approval, ApprovalKey } from '../../domain/approval.ts';
import { isDeleted, isFrozen } from '../slack-errors.ts';
import { approvalMessage } from '../views/approval-message.ts';
import { sendChart } from './send-chart.ts';

export interface MessageDependencies {
  readonly approvals: Approvals;
  readonly slack: WebClient;
}

/**
 * Updates the message until it shows the newest revision. If the record changes during an update, the message is
 * updated again. So the message is correct even if two workers update it at the same time. Returns `gone` if the
 * message was not posted or was deleted.
 */
export async function syncMessage(
  { approvals, slack }: MessageDependencies,
  key: ApprovalKey,
): Promise<'shown' | 'gone'> {
  for (;;) {
    const approval = await approvals.get(key);
    if (!approval?.ts) {
      // Otherwise the reconciler would check it every minute for ever.
      if (approval?.reopened) await approvals.close(key);
      return 'gone';
    }
    const exists = await updateMessage(slack, approval, approval.ts);
    const newest = await approvals.recordShown(key, approval.revision);
    if (exists && newest !== approval.revision) continue;
    if (approval.reopened) await approvals.close(key);
    return exists ? 'shown' : 'gone';
  }
}

/**
 * Updates a message once. Returns false if somebody deleted the message. A message that a retry cannot update counts
 * as updated, so that nobody tries again.
 */
export async function updateMessage(slack: WebClient, approval: Approval, ts: string): Promise<boolean> {
  try {
    const { channel } = approval;
    await sendChart(approvalMessage(approval), (view) => slack.chat.update({ channel, ts, ...view }));
    return true;
  } catch (error) {
    if (isDeleted(error)) return false;
    if (isFrozen(error)) return true;
    throw error;
  }
}
