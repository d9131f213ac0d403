// The decision: one conditional write that decides and returns the task token, then SendTaskSuccess; after Slack has
// its answer, the message and a private word. The listeners of Approve and of the Decline modal call it. Pressed
// twice, or by two people: the first write wins, the others are told what stands; pressed again after a failure in
// between, the recorded decision is sent again.
import type { WebClient } from '@slack/web-api';
import type { Approvals, Resumable } from '../aws/approvals-table.ts';
import type { Executions } from '../aws/executions.ts';
import type { Log } from '../aws/log.ts';
import { type Approval, type ApprovalKey, type Decision, refusalOf } from '../domain/approval.ts';
import { answerPrivately, withLink } from './private-answer.ts';
import { showApproval, updated } from './thread.ts';
import { decisionMayBeLate, decisionRefused } from './views/decision-refused.ts';

export interface DecisionDependencies {
  readonly approvals: Approvals;
  readonly executions: Executions;
  readonly now: () => Date;
  readonly log: Log;
}

/** What came of a press. */
export interface Decided {
  /** The approval, where this very press decided it. */
  readonly taken: Approval | undefined;
  /** Whether a decision, this one or an earlier one, was handed to Step Functions just now. */
  readonly sent: 'resumed' | 'over' | undefined;
}

/** What must be done before Slack is answered. */
export async function decide(
  key: ApprovalKey,
  decision: Decision,
  dependencies: DecisionDependencies,
): Promise<Decided> {
  const taken = await dependencies.approvals.decide(key, decision);
  const sent = taken ? await send(taken, dependencies) : await resend(key, dependencies);
  return { taken: taken?.approval, sent };
}

/** Hands over a decision that is recorded and may never have reached Step Functions. */
export async function resend(key: ApprovalKey, dependencies: DecisionDependencies): Promise<Decided['sent']> {
  const resumable = await dependencies.approvals.unsent(key);
  return resumable && send(resumable, dependencies);
}

/** Hands a recorded decision to Step Functions, and records that it was. */
async function send(
  { approval, taskToken }: Resumable,
  { approvals, executions, now, log }: DecisionDependencies,
) {
  const { execution, id, decision } = approval;
  const sent = await executions.resume(taskToken, { ...decision, id });
  log('decision_sent', { execution, approval: id, outcome: decision?.outcome, by: decision?.by, sent });
  await approvals.recordSent(approval, now().toISOString());
  return sent;
}

/** Where a press came from. */
export interface Pressed {
  readonly key: ApprovalKey;
  /** `ts` of the message that was pressed on. */
  readonly messageTs: string | undefined;
  /** Where the person can be answered privately. */
  readonly responseUrl: string;
}

/** What follows once Slack is answered: the message shows it, and who pressed hears what the message does not say. */
export async function followUp(
  { key, messageTs, responseUrl }: Pressed,
  { taken, sent }: Decided,
  slack: WebClient,
  { approvals }: DecisionDependencies,
): Promise<void> {
  if (messageTs) await approvals.recordPosted(key, messageTs, 0);
  await showApproval({ approvals, slack }, key);
  const approval = await approvals.get(key);
  // A message posted twice has one place on record; the other, pressed, must not keep its buttons.
  if (approval && messageTs && messageTs !== approval.ts) await updated(slack, approval, messageTs);
  if (taken && sent === 'resumed') return;
  const word = taken ? decisionMayBeLate(taken) : decisionRefused(refusalOf(approval), approval);
  await answerPrivately(responseUrl, await withLink(word, approval, slack));
}
