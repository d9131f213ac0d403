// A press of Approve or Decline: one conditional write decides, the task token resumes the execution, Slack gets its
// answer, and then the message is made to show it. Pressed twice, or by two people: the first write wins, the others
// are told what stands; pressed again after a failure in between, the recorded decision is sent again.
import type { BlockAction, ButtonAction, Middleware, SlackActionMiddlewareArgs } from '@slack/bolt';
import type { Approvals, Resumable } from '../../aws/approvals-table.ts';
import type { Executions } from '../../aws/executions.ts';
import type { Log } from '../../aws/log.ts';
import { type Approval, type ApprovalKey, refusalOf, type Verdict } from '../../domain/approval.ts';
import { showApproval } from '../thread.ts';
import { readDecisionButton } from '../views/decision-button.ts';
import { decisionMayBeLate, decisionRefused } from '../views/decision-refused.ts';

export interface DecisionDependencies {
  readonly approvals: Approvals;
  readonly executions: Executions;
  readonly now: () => Date;
  readonly log: Log;
}

type Press = Middleware<SlackActionMiddlewareArgs<BlockAction<ButtonAction>>>;

export function decisionButtons(outcome: Verdict, dependencies: DecisionDependencies): Press {
  const { approvals, now } = dependencies;
  return async ({ action, body, ack, respond, client }) => {
    const tell = (text: string) => respond({ response_type: 'ephemeral', replace_original: false, text });
    const key = readDecisionButton(action.value);
    if (!key) {
      await ack();
      return void (await tell(decisionRefused('unknown', undefined)));
    }
    const decision = { outcome, by: body.user.id, at: now().toISOString() };
    const taken = await approvals.decide(key, decision);
    const resumable = taken ?? (await approvals.unsent(key));
    const sent = resumable && (await send(resumable, dependencies));
    await ack();

    if (body.message?.['ts']) await approvals.recordPosted(key, body.message['ts'], 0);
    await showApproval({ approvals, slack: client }, key);
    const word = await privateAnswer(taken?.approval, sent, key, dependencies);
    if (word) await tell(word);
  };
}

/** Hands a recorded decision to Step Functions, and records that it was. */
async function send(
  { approval, taskToken }: Resumable,
  { approvals, executions, now, log }: DecisionDependencies,
) {
  const { execution, id, decision } = approval;
  const { outcome, by, at } = decision ?? {};
  const sent = await executions.resume(taskToken, { outcome, id, by, at });
  log('decision_sent', { execution, approval: id, outcome, by, sent });
  await approvals.recordSent(approval, now().toISOString());
  return sent;
}

/** What the message does not say to the one who pressed; nothing where their decision simply stands on it. */
async function privateAnswer(
  taken: Approval | undefined,
  sent: Awaited<ReturnType<typeof send>> | undefined,
  key: ApprovalKey,
  { approvals }: DecisionDependencies,
): Promise<string | undefined> {
  if (taken) return sent === 'over' ? decisionMayBeLate(taken) : undefined;
  const approval = await approvals.get(key);
  return decisionRefused(refusalOf(approval), approval);
}
