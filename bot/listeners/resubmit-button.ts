// A press of Ask again starts a new execution with the input of the old one, in the name of who pressed. Its name
// comes from the approval, so that a second press, or the same one delivered twice, starts nothing.
import { stateMachineOf } from '../../aws/executions.ts';
import { type Approval, toPreviousAnswer, mayResubmit } from '../../domain/approval.ts';
import { digest } from '../../domain/digest.ts';
import type { DecisionDependencies } from '../decide.ts';
import { answerPrivately } from '../private-answer.ts';
import { withLink } from '../../slack/messages/permalink.ts';
import { syncMessage } from '../../slack/messages/sync-message.ts';
import { readApprovalValue } from '../../slack/views/approval-value.ts';
import { resubmittedAnswer, notResubmitted, notYoursToResubmit } from '../../slack/views/resubmit-answers.ts';
import type { ButtonListener } from './listener.ts';

export interface ResubmitDependencies extends DecisionDependencies {
  /** What who asked again is told, where the workflow has its own words for it. */
  readonly resubmittedAnswer?: (approval: Approval) => string;
}

export function resubmitButton(dependencies: ResubmitDependencies): ButtonListener {
  const {
    approvals,
    executions,
    command,
    resubmittedAnswer: told = resubmittedAnswer,
    now,
    log,
  } = dependencies;
  return async ({ action, body, ack, client }) => {
    const key = readApprovalValue(action.value);
    const approval = key && (await approvals.get(key));
    if (!approval || !mayResubmit(approval)) {
      await ack();
      // Whoever pressed saw the button: the message lags.
      if (approval) await syncMessage({ approvals, slack: client }, approval);
      return answerPrivately(body.response_url, await withLink(notResubmitted(approval), approval, client));
    }
    const by = body.user.id;
    // Where nobody starts anything by a command, nobody does so by a button whom it does not concern.
    const concerned =
      command.starts || by === approval.request.requester || approval.effectiveApprovers.includes(by);
    if (!concerned) {
      await ack();
      return answerPrivately(body.response_url, notYoursToResubmit);
    }
    const input = await executions.input(approval.executionArn);
    const execution = `resubmit-${digest(approval.id)}`;
    const anew = { ...input, requestedBy: by, previousAnswer: toPreviousAnswer(approval) };
    await executions.start(stateMachineOf(approval.executionArn), execution, anew);
    const first = await approvals.recordResubmission(approval, { by, at: now().toISOString() });
    await ack();
    log('resubmitted', { execution, approval: approval.id, by });
    await syncMessage({ approvals, slack: client }, approval);
    if (first) return answerPrivately(body.response_url, told(approval));
    const word = notResubmitted(await approvals.get(approval));
    return answerPrivately(body.response_url, await withLink(word, approval, client));
  };
}
