// Settles every approval of an execution that ended: stores the result, adds missing entries to the audit, and updates
// the message. relay-result calls it before it notifies people.
import type { WebClient } from '@slack/web-api';
import type { Approvals } from '../aws/approvals-table.ts';
import type { Approval, Result } from '../domain/approval.ts';
import { entriesOf } from '../domain/audit.ts';
import { postApproval } from '../slack/messages/post-approval.ts';
import { syncMessage } from '../slack/messages/sync-message.ts';
import { messageUpdates, requestPosts } from '../slack/rate-limits.ts';
import { failureFields, isUnreachable } from '../slack/slack-errors.ts';
import { limitedBy } from './acquire-slot.ts';
import {
  type CopyDependencies,
  type RecordDependencies,
  type RecordedEntry,
  recordEntries,
  tryToCopy,
} from './copy-entry.ts';
import type { Acquire } from './queue-handler.ts';

export interface SettleDependencies extends RecordDependencies, CopyDependencies {
  readonly approvals: Approvals;
  readonly slack: () => Promise<WebClient>;
  readonly now: () => Date;
  /** When the queue got the result. Used if the result does not say when the execution ended. */
  readonly arrivedAt: Date;
  readonly acquire: Acquire;
}

export interface SettledApproval {
  readonly approval: Approval;
  /** `ts` of the approval's message. Undefined if somebody deleted the message. */
  readonly threadTs: string | undefined;
}

/**
 * Settles all approvals that were requested before the execution ended, oldest first. relay-result replies in the
 * thread of the last settled approval. `uncopied` has the entries of its approvals that could not be copied. `ended` are
 * all approvals that were requested before the execution ended, read after the result was stored.
 */
export async function settleApprovals(
  executionArn: string,
  result: Result,
  endedAt: string | undefined,
  dependencies: SettleDependencies,
): Promise<{
  readonly settled: readonly SettledApproval[];
  readonly ended: readonly Approval[];
  readonly uncopied: readonly RecordedEntry[];
  readonly failures: readonly unknown[];
}> {
  const { approvals, now, arrivedAt } = dependencies;
  const at = endedAt ?? arrivedAt.toISOString();
  const all = await approvals.ofExecution(executionArn);
  const ended = all.filter(({ askedAt }) => askedAt <= at);
  // If an approval was requested after the execution ended, the execution was redriven.
  const redriven = all.find(({ askedAt }) => askedAt > at);
  const last = ended.at(-1);
  // An execution may request approval more than once. Earlier approvals keep their own decision.
  for (const each of ended.filter((one) => one !== last && one.decision && !one.result))
    await approvals.closeDecided(each);
  const unsettled = ended.filter((one) => one === last || one.status === 'pending');
  for (const each of unsettled) {
    const approvalResult = each === last ? result : resultOfEarlier(each, result, at);
    const time = endedAt === undefined ? ({ at, isArrivalTime: true } as const) : { at };
    await approvals.settle(each, { ...approvalResult, ...time }, now());
    if (redriven) await approvals.recordResubmission(each, { at: redriven.askedAt });
  }
  // The bot may have stopped before it added an action to the audit. The request, the reminder, the escalation and the result are added here.
  const recorded: RecordedEntry[] = [];
  const stored = await approvals.ofExecution(executionArn);
  for (const each of stored) recorded.push(...(await recordEntries(entriesOf(each), dependencies)));
  const uncopied = await tryToCopy(recorded, dependencies);
  const settled: SettledApproval[] = [];
  const failures: unknown[] = [];
  for (const each of unsettled) settled.push(await finishMessage(each, failures, dependencies));
  return { settled, ended: stored.filter(({ askedAt }) => askedAt <= at), uncopied, failures };
}

/**
 * The result of an undecided approval after which the execution requested another approval. `failed`, `halted` and
 * `cancelled` apply to both approvals. Any other result applies only to the later approval. The earlier approval is then `expired`,
 * or `cancelled` if its deadline has not passed.
 */
function resultOfEarlier({ deadline }: Approval, result: Result, at: string): Result {
  if (['failed', 'halted', 'cancelled'].includes(result.outcome)) return result;
  return { outcome: deadline <= at ? 'expired' : 'cancelled' };
}

/**
 * Updates the message to its final form, or posts the final message if none was posted. If the update fails, adds the
 * error to `failures`: the thread can still be told the result.
 */
async function finishMessage(
  key: Approval,
  failures: unknown[],
  dependencies: SettleDependencies,
): Promise<SettledApproval> {
  const { approvals, slack, now, acquire, log } = dependencies;
  const message = { approvals, slack: await slack(), now };
  const approval = (await approvals.get(key)) ?? key;
  if (!approval.ts) {
    // Nobody was asked, so nobody but the requester is told.
    if (approval.result?.outcome === 'refused') return { approval, threadTs: undefined };
    await acquire(requestPosts(approval.channel));
    try {
      const ts = await postApproval(message, approval);
      return { approval: { ...approval, ts }, threadTs: ts };
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      log('channel_unreachable', { channel: approval.channel, ...failureFields(error) });
      return { approval, threadTs: undefined };
    }
  }
  // An earlier delivery of this result updated the message already.
  if (approval.shownRevision === approval.revision) return { approval, threadTs: approval.ts };
  await acquire(messageUpdates);
  try {
    const synced = await syncMessage(message, approval);
    return { approval, threadTs: synced === 'gone' ? undefined : approval.ts };
  } catch (error) {
    failures.push(limitedBy(messageUpdates, error));
    return { approval, threadTs: approval.ts };
  }
}
