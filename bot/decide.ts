// The decision: one conditional write that counts and perhaps decides, and then returns the task token; SendTaskSuccess;
// once Slack has its answer, that it was sent, the message and a private word. The listeners of Approve and of the Decline modal call it.
// Pressed twice it counts once; pressed again after a failure in between, the recorded decision is sent again.
import type { WebClient } from '@slack/web-api';
import type { Approvals } from '../aws/approvals-table.ts';
import type { AuditTable } from '../aws/audit-table.ts';
import type { Executions } from '../aws/executions.ts';
import type { Log } from '../aws/log.ts';
import type { Approval, ApprovalKey } from '../domain/approval.ts';
import { refusalEntry, stepEntry } from '../domain/audit.ts';
import { type Refusal, refusalOf, type VoteAction } from '../domain/votes.ts';
import { type HomeDependencies, publishHome } from './publish-home.ts';
import { ineligibilityReason } from '../slack/resolve-approvers.ts';
import { answer } from './private-answer.ts';
import { resumeExecution, resend, type Sent } from '../aws/send-decision.ts';
import { withLink } from '../slack/messages/permalink.ts';
import { syncMessage, updateMessage } from '../slack/messages/sync-message.ts';
import { stopCause } from '../slack/views/cancel-modal.ts';
import { decisionMayBeLate, notKnown, refused } from '../slack/views/decision-refused.ts';

export interface DecisionDependencies extends HomeDependencies {
  readonly approvals: Approvals;
  readonly audit: AuditTable;
  readonly executions: Executions;
  readonly now: () => Date;
  readonly log: Log;
}

/** What somebody wants to happen to an approval. */
export interface VoteRequest {
  readonly key: ApprovalKey;
  readonly action: VoteAction;
  /** Slack user id. */
  readonly by: string;
  /** Why, in their own words. */
  readonly reason?: string | undefined;
  /** `ts` of the message that was pressed on. */
  readonly messageTs: string | undefined;
  /** Where the person can be answered privately; absent where they pressed in Home. */
  readonly responseUrl: string | undefined;
}

/** What came of a press. */
export interface VoteResult {
  readonly at: Date;
  /** The approval, where the press changed it. */
  readonly taken: Approval | undefined;
  /** Whether a decision, this one or an earlier one, was handed to Step Functions just now. */
  readonly sent: Sent | undefined;
}

/** The decision stands, or the press was refused; but it could not be shown, or not be told. */
export class MessageNotSynced extends Error {
  override readonly name = 'NotShown';
}

/** What must be done before Slack is answered. */
export async function decide(press: VoteRequest, dependencies: DecisionDependencies): Promise<VoteResult> {
  const { approvals, now } = dependencies;
  const { key, action, by, reason } = press;
  const at = now();
  if (action === 'undo') {
    return { at, taken: await approvals.undo(key, by, at.toISOString()), sent: undefined };
  }
  if (action === 'cancel') {
    const taken = await approvals.cancel(key, { by, at: at.toISOString(), ...(reason ? { reason } : {}) });
    if (taken) await dependencies.executions.stop(taken.executionArn, stopCause(taken));
    return { at, taken, sent: undefined };
  }
  const taken =
    action === 'approve'
      ? await approvals.approve(key, by, at.toISOString())
      : await approvals.decline(key, { by, at: at.toISOString(), ...(reason ? { reason } : {}) });
  if (!taken) return { at, taken: undefined, sent: await resend(key, dependencies) };
  const sent = taken.approval.decision ? await resumeExecution(taken, dependencies) : undefined;
  return { at, taken: taken.approval, sent };
}

/** What follows once Slack is answered: the message shows it, and who pressed hears what the message does not say. */
export async function followUp(
  press: VoteRequest,
  pressed: VoteResult,
  slack: WebClient,
  dependencies: DecisionDependencies,
): Promise<void> {
  const { taken, sent } = pressed;
  const { approvals, now } = dependencies;
  const steps = [
    async () => {
      if (taken && sent) await approvals.recordSent(taken, now().toISOString());
    },
    () => shown(press, slack, dependencies),
    async () => void (!press.responseUrl && (await publishHome(press.by, slack, dependencies))),
    () => told(press, pressed, slack, dependencies),
  ];
  const failures: unknown[] = [];
  // Each for itself: a message that cannot be updated keeps nobody's word back.
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  const [cause] = failures;
  if (failures.length === 0) return;
  throw taken ? new MessageNotSynced('The press is recorded, but it could not be shown.', { cause }) : cause;
}

async function shown(
  { key, messageTs }: VoteRequest,
  slack: WebClient,
  { approvals }: DecisionDependencies,
): Promise<void> {
  if (messageTs) await approvals.recordPosted(key, messageTs, 0);
  await syncMessage({ approvals, slack }, key);
  const approval = await approvals.get(key);
  // A message posted twice has one place on record; the other, pressed, must not keep its buttons.
  if (approval && messageTs && messageTs !== approval.ts) await updateMessage(slack, approval, messageTs);
}

async function told(
  press: VoteRequest,
  { at, taken, sent }: VoteResult,
  slack: WebClient,
  dependencies: DecisionDependencies,
): Promise<void> {
  const { approvals, audit } = dependencies;
  const { key, action, by } = press;
  if (taken) {
    await audit.record(stepEntry(taken, taken.history.length - 1));
    if (sent !== 'not_waiting') return;
    return answer(press, await withLink(decisionMayBeLate(taken), taken, slack), slack);
  }
  const approval = await approvals.get(key);
  if (!approval) return answer(press, notKnown, slack);
  const refusal = refusalOf(approval, action, by, at) ?? 'conflict';
  await audit.record(refusalEntry(approval, { action, by, at: at.toISOString(), refusal }));
  const word = await refusalText(refusal, approval, press, slack);
  return answer(press, await withLink(word, approval, slack), slack);
}

/** Of somebody whom the record does not name, one look tells who they are. */
export async function refusalText(
  refusal: Refusal,
  approval: Approval,
  { by, action }: Pick<VoteRequest, 'by' | 'action'>,
  slack: WebClient,
): Promise<string> {
  if (refusal !== 'not_an_approver') return refused(refusal, action, approval);
  const { team_id } = await slack.auth.test();
  return refused(refusal, action, approval, await ineligibilityReason(by, team_id, slack));
}
