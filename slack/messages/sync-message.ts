// Keeps an approval's message equal to its record. The bot calls it after a vote, and the functions when the record changed.
import type { WebClient } from '@slack/web-api';
import type { Approvals } from '../../aws/approvals-table.ts';
import type { Approval, ApprovalKey } from '../../domain/approval.ts';
import { slackErrorCode } from '../slack-errors.ts';
import { approvalMessage } from '../views/approval-message.ts';

export interface MessageDependencies {
  readonly approvals: Approvals;
  readonly slack: WebClient;
}

/**
 * Makes the message show the newest revision. After each update it looks whether the record changed meanwhile, and updates
 * again if so. The order in which two writers reach Slack therefore does not matter. `gone`: there is no message.
 */
export async function syncMessage(
  { approvals, slack }: MessageDependencies,
  key: ApprovalKey,
): Promise<'shown' | 'gone'> {
  for (;;) {
    const approval = await approvals.get(key);
    if (!approval?.ts) return 'gone';
    const exists = await updateMessage(slack, approval, approval.ts);
    const newest = await approvals.recordShown(key, approval.revision);
    if (exists && newest !== approval.revision) continue;
    if (approval.reopened) await approvals.close(key);
    return exists ? 'shown' : 'gone';
  }
}

/** Updates one message about this approval. False if somebody deleted the message. */
export async function updateMessage(slack: WebClient, approval: Approval, ts: string): Promise<boolean> {
  try {
    await slack.chat.update({ channel: approval.channel, ts, ...approvalMessage(approval) });
    return true;
  } catch (error) {
    if (slackErrorCode(error) === 'message_not_found') return false;
    throw error;
  }
}
