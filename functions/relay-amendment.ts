// Handles an amendment that a workflow published on the results topic: changes the pending request, updates its message
// and tells the people who had approved. relay-result calls it.
import type { Approval } from '../domain/approval.ts';
import { RetryLater } from '../aws/retry-later.ts';
import { executionName } from '../aws/executions.ts';
import { hadTerms } from '../domain/amendment.ts';
import { digest } from '../domain/digest.ts';
import { entriesOf } from '../domain/audit.ts';
import { postOnce } from '../slack/messages/post-once.ts';
import { syncMessage } from '../slack/messages/sync-message.ts';
import { messageUpdates, threadReplies } from '../slack/rate-limits.ts';
import { failureFields, isUnreachable } from '../slack/slack-errors.ts';
import { amendmentInvalidReply, amendmentAboveLimitReply } from '../slack/views/amendment-reply.ts';
import { copyEntry, recordEntries } from './copy-entry.ts';
import type { Delivery } from './queue-handler.ts';
import { readAmendment } from './result-message.ts';
import type { SettleDependencies } from './settle-approvals.ts';
import { notifyVoters } from './notify-voters.ts';

/** The request, or an amendment that must come before this one, may still be in a queue. */
export class AmendmentTooEarly extends RetryLater {
  override readonly name = 'AmendmentTooEarly';
}

/** The approval changed at each try. */
export class AmendmentConflict extends RetryLater {
  override readonly name = 'AmendmentConflict';
}

/** How long an amendment waits for what must come before it. */
const MAX_WAIT_MS = 5 * 60_000;

export type RelayAmendmentDependencies = Omit<SettleDependencies, 'acquire' | 'arrivedAt'>;

/** @param value the amendment as the workflow sent it */
export async function relayAmendment(
  executionArn: string,
  value: unknown,
  { firstSentAt, acquire }: Pick<Delivery, 'firstSentAt' | 'acquire'>,
  dependencies: RelayAmendmentDependencies,
): Promise<void> {
  const { approvals, now, log } = dependencies;
  const execution = executionName(executionArn);
  const mayWait = now().getTime() - firstSentAt < MAX_WAIT_MS;
  const read = readAmendment(value);
  const asked = await approvals.ofExecution(executionArn);
  const pending = asked.filter(({ status }) => status === 'pending');
  const [target, ...others] = read.id === undefined ? pending : asked.filter(({ id }) => id === read.id);
  if (!target || others.length > 0) {
    if (mayWait && !target && (asked.length === 0 || read.id !== undefined))
      throw new AmendmentTooEarly(`${execution} has not asked yet.`);
    return log('amendment_ignored', { execution, approval: read.id, pending: pending.length });
  }
  const fields = { execution, approval: target.id };
  const reply = (text: string) => replyOnce(text, target, value, acquire, dependencies);
  if ('invalid' in read) {
    log('amendment_invalid', { ...fields, reason: read.invalid });
    return reply(amendmentInvalidReply(read.invalid));
  }
  const { outcome, approval = target } = await approvals.amend(target, read.expectedDigest, read, now());
  if (outcome === 'conflict') throw new AmendmentConflict(`${target.id} changed meanwhile.`);
  if (
    outcome === 'terms_changed' &&
    mayWait &&
    !hadTerms(approval, read.expectedDigest) &&
    !hadTerms(approval, read.terms.digest)
  )
    throw new AmendmentTooEarly(`${target.id} does not have the expected terms yet.`);
  if (outcome !== 'amended' && outcome !== 'already') {
    log('amendment_refused', { ...fields, reason: outcome });
    return outcome === 'above_limit' ? reply(amendmentAboveLimitReply(read.request)) : undefined;
  }
  if (outcome === 'amended') log('request_amended', { ...fields, amendments: approval.amendments?.length });
  await followUp(approval, { ...dependencies, acquire });
}

/** Also runs for an amendment that was stored before, because an earlier delivery may have stopped in the middle. */
async function followUp(
  approval: Approval,
  dependencies: RelayAmendmentDependencies & Pick<Delivery, 'acquire'>,
): Promise<void> {
  const { approvals, slack, acquire } = dependencies;
  const amended = entriesOf(approval).filter(({ action }) => action === 'amended');
  for (const entry of await recordEntries(amended, dependencies)) await copyEntry(entry, dependencies);
  if (approval.ts && approval.shownRevision !== approval.revision) {
    await acquire(messageUpdates);
    await syncMessage({ approvals, slack: await slack() }, approval);
  }
  await notifyVoters(approval, dependencies);
}

/** Replies in the thread. Searches for the reply first, because an amendment may be delivered again. */
async function replyOnce(
  text: string,
  { id, channel, ts, askedAt }: Approval,
  value: unknown,
  acquire: Delivery['acquire'],
  { slack, log }: RelayAmendmentDependencies,
): Promise<void> {
  if (!ts) return;
  await acquire(threadReplies(channel));
  const event_payload = { id: `${id}-${digest(JSON.stringify(value))}` };
  const notice = { text, metadata: { event_type: 'countersign_not_changed', event_payload }, since: askedAt };
  try {
    await postOnce({ channel, thread_ts: ts, reply_broadcast: false }, notice, true, await slack());
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    log('channel_unreachable', { approval: id, ...failureFields(error) });
  }
}
