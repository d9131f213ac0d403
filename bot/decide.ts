// Handles what a person does to an approval: approve, decline, undo or cancel. Listeners call `decide` before they
// answer Slack, and `followUp` after. A repeated press is recorded once. If the decision may not have reached Step
// Functions, a repeated press sends the decision again.
import type { WebClient } from '@slack/web-api';
import type { Approvals } from '../aws/approvals-table.ts';
import type { Executions } from '../aws/executions.ts';
import type { Log } from '../aws/log.ts';
import { resumeExecution, sendDecision, type Sent } from '../aws/send-decision.ts';
import { isUnsent } from '../aws/unsent-decisions.ts';
import type { VoteResult } from '../aws/votes.ts';
import type { Approval, ApprovalKey } from '../domain/approval.ts';
import { refusalEntry, stepEntry } from '../domain/audit.ts';
import { type ActionRequest, type Press, type Refusal, refusalOf } from '../domain/votes.ts';
import { withLink } from '../slack/messages/permalink.ts';
import { syncMessage, updateMessage } from '../slack/messages/sync-message.ts';
import type { CheckPerson } from '../slack/check-person.ts';
import { stopCause } from '../slack/views/cancel-modal.ts';
import { decisionMayBeLate, refusalMessage, unknownApproval } from '../slack/views/decision-refused.ts';
import { answer } from './private-answer.ts';
import { type HomeDependencies, publishHome } from './publish-home.ts';
import { type RecordDependencies, recordEntry } from './record-entry.ts';

export interface DecisionDependencies extends HomeDependencies, RecordDependencies {
  readonly approvals: Approvals;
  readonly executions: Executions;
  readonly checkPerson: CheckPerson;
  readonly now: () => Date;
  readonly log: Log;
}

/** A vote comes from a press of a button, all else from the submission of a modal. */
type Action =
  | { readonly action: 'approve' | 'undo'; readonly request: Press }
  | { readonly action: 'decline' | 'cancel'; readonly request: ActionRequest };

export type VoteRequest = Action & {
  readonly key: ApprovalKey;
  /** Slack user id. */
  readonly by: string;
  /** The reason that the person typed. */
  readonly reason?: string | undefined;
  /** `ts` of the message with the button. Undefined for a press in Home, and for the slash command. */
  readonly messageTs: string | undefined;
  /** Slack's URL for private answers. Undefined for a press in Home. */
  readonly responseUrl: string | undefined;
};

export interface VoteOutcome {
  readonly at: Date;
  readonly vote: VoteResult;
  /** Whether Step Functions accepted the decision. `nothing_to_send` if no decision was sent to it. */
  readonly sent: Sent | 'nothing_to_send';
}

/** The vote is recorded, but a later step failed, such as the update of the message. */
export class MessageNotSynced extends Error {
  override readonly name = 'MessageNotSynced';
}

/**
 * Records the action. Resumes the execution if the action decides, and stops the execution if the action cancels. The
 * listener answers Slack afterwards.
 */
export async function decide(request: VoteRequest, dependencies: DecisionDependencies): Promise<VoteOutcome> {
  const at = dependencies.now();
  const vote = await record(request, at.toISOString(), dependencies);
  if (request.action === 'cancel' && vote.changed) {
    const { approval } = vote;
    await dependencies.executions.stop(approval.executionArn, stopCause(approval));
  }
  return { at, vote, sent: await send(request, vote, dependencies) };
}

function record(vote: VoteRequest, at: string, { approvals }: DecisionDependencies): Promise<VoteResult> {
  const { key, by, reason } = vote;
  const decision = { by, at, ...(reason ? { reason } : {}) };
  switch (vote.action) {
    case 'approve':
      return approvals.approve(key, by, at, vote.request);
    case 'decline':
      return approvals.decline(key, decision, vote.request);
    case 'undo':
      return approvals.undo(key, by, at, vote.request);
    case 'cancel':
      return approvals.cancel(key, decision, vote.request);
  }
}

async function send(
  { action }: VoteRequest,
  vote: VoteResult,
  dependencies: DecisionDependencies,
): Promise<VoteOutcome['sent']> {
  if (action === 'undo' || action === 'cancel') return 'nothing_to_send';
  if (vote.changed) return vote.approval.decision ? resumeExecution(vote, dependencies) : 'nothing_to_send';
  const { current } = vote;
  return current && isUnsent(current.approval) ? sendDecision(current, dependencies) : 'nothing_to_send';
}

/**
 * Runs after Slack is answered: updates messages and Home, adds an entry to the audit, and answers the person privately
 * where needed.
 */
export async function followUp(
  request: VoteRequest,
  outcome: VoteOutcome,
  slack: WebClient,
  dependencies: DecisionDependencies,
): Promise<void> {
  const { vote, sent } = outcome;
  const { approvals, now } = dependencies;
  const steps = [
    async () => {
      if (vote.changed && sent !== 'nothing_to_send')
        await approvals.recordSent(vote.approval, now().toISOString());
    },
    () => syncMessages(request, slack, dependencies),
    async () => void (!request.responseUrl && (await publishHome(request.by, slack, dependencies))),
    () => notifyVoter(request, outcome, slack, dependencies),
  ];
  const failures: unknown[] = [];
  // Run every step even if one fails.
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  const [cause] = failures;
  if (failures.length === 0) return;
  throw vote.changed
    ? new MessageNotSynced('The vote is recorded, but its message could not be updated.', { cause })
    : cause;
}

async function syncMessages(
  { key, messageTs }: VoteRequest,
  slack: WebClient,
  { approvals }: DecisionDependencies,
): Promise<void> {
  // The function that posted the message may have failed before it stored the `ts`.
  if (messageTs) await approvals.recordPosted(key, messageTs, 0);
  await syncMessage({ approvals, slack }, key);
  const approval = await approvals.get(key);
  // The record stores the `ts` of one message. If the press came from another message of this approval, update that
  // message too, to remove its buttons.
  if (approval && messageTs && messageTs !== approval.ts) await updateMessage(slack, approval, messageTs);
}

async function notifyVoter(
  request: VoteRequest,
  { at, vote, sent }: VoteOutcome,
  slack: WebClient,
  dependencies: DecisionDependencies,
): Promise<void> {
  const { approvals } = dependencies;
  const { key, action, by } = request;
  if (vote.changed) {
    const { approval } = vote;
    await recordEntry(stepEntry(approval, approval.history.length - 1), slack, dependencies);
    if (sent !== 'not_waiting') return;
    return answer(request, await withLink(decisionMayBeLate(approval), approval, slack), slack);
  }
  const approval = await approvals.get(key);
  if (!approval) return answer(request, unknownApproval, slack);
  // After a conflict, the newest record may show a more specific reason.
  const refusal =
    vote.refusal === 'conflict'
      ? (refusalOf(approval, action, by, at, request.request) ?? 'conflict')
      : vote.refusal;
  const refused = refusalEntry(approval, { action, by, at: at.toISOString(), refusal });
  await recordEntry(refused, slack, dependencies);
  const text = await refusalText(refusal, approval, request, slack, dependencies);
  return answer(request, await withLink(text, approval, slack), slack);
}

/** If the person is not an approver, looks up whether they can approve at all and whether they are out. */
export async function refusalText(
  refusal: Refusal,
  approval: Approval,
  { by, action }: Pick<VoteRequest, 'by' | 'action'>,
  slack: WebClient,
  { checkPerson, people, now }: Pick<DecisionDependencies, 'checkPerson' | 'people' | 'now'>,
): Promise<string> {
  if (refusal !== 'not_an_approver') return refusalMessage(refusal, action, approval, { by });
  const isAway = approval.away.includes(by);
  const preferences = isAway ? await people.preferences(by, now()) : undefined;
  const ineligibility = await checkPerson(by, slack);
  return refusalMessage(refusal, action, approval, { by, ineligibility, preferences });
}
