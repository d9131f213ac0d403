// A press of the resubmit button: starts a new execution with the input of one that was declined or has expired, or with
// the input that the workflow offers. The person who pressed becomes the requester. The name of the new execution is derived
// from the approval, so a second press or a repeated delivery starts no second execution.
import { stateMachineOf } from '../../aws/executions.ts';
import { type Approval, mayResubmit, toPreviousAnswer } from '../../domain/approval.ts';
import { entriesOf } from '../../domain/audit.ts';
import { digest } from '../../domain/digest.ts';
import { permalinkOf, withLink } from '../../slack/messages/permalink.ts';
import { syncMessage } from '../../slack/messages/sync-message.ts';
import { readApprovalValue } from '../../slack/views/approval-value.ts';
import {
  forgotten,
  notResubmitted,
  notYoursToResubmit,
  resubmittedAnswer,
  stillRunning,
  wentOn,
} from '../../slack/views/resubmit-answers.ts';
import type { DecisionDependencies } from '../decide.ts';
import { answerPrivately } from '../private-answer.ts';
import { recordEntry } from '../record-entry.ts';
import { type StartDependencies, startExecution } from '../start-execution.ts';
import type { ButtonListener } from './listener.ts';

export interface ResubmitDependencies extends DecisionDependencies, Omit<StartDependencies, 'executions'> {
  /** The text of the private answer after a resubmission. A workflow may replace the default text. */
  readonly resubmittedAnswer?: (resubmitted: Pick<Approval, 'request'>) => string;
}

export function resubmitButton(dependencies: ResubmitDependencies): ButtonListener {
  const { approvals, executions, command, now, log } = dependencies;
  const answerOf = dependencies.resubmittedAnswer ?? resubmittedAnswer;
  return async ({ action, body, ack, client }) => {
    const key = readApprovalValue(action.value)?.key;
    const approval = key && (await approvals.get(key));
    if (!approval || !mayResubmit(approval)) {
      await ack();
      // The message still showed the button, so the message is older than the record.
      if (approval) await syncMessage({ approvals, slack: client }, approval);
      return answerPrivately(body.response_url, await withLink(notResubmitted(approval), approval, client));
    }
    const by = body.user.id;
    // If a slash command starts executions, everybody may resubmit. Otherwise only the requester and the approvers may.
    const mayStart = command.starts || by === approval.requester || approval.effectiveApprovers.includes(by);
    if (!mayStart) {
      await ack();
      return answerPrivately(body.response_url, notYoursToResubmit);
    }
    // The execution went on after this approval, so its end says nothing about this approval.
    const all = await approvals.ofExecution(approval.executionArn);
    if (all.some(({ askedAt }) => askedAt > approval.askedAt)) {
      await ack();
      return answerPrivately(body.response_url, await withLink(wentOn(approval), approval, client));
    }
    const [{ status, input }, permalink] = await Promise.all([
      executions.describe(approval.executionArn),
      permalinkOf(approval, client),
    ]);
    if (status === 'RUNNING') {
      await ack();
      return answerPrivately(body.response_url, await withLink(stillRunning(approval), approval, client));
    }
    const again = approval.result?.resubmit?.input ?? (status === 'MISSING' ? undefined : input);
    if (!again) {
      await ack();
      return answerPrivately(body.response_url, forgotten(approval));
    }
    const execution = resubmissionName(approval);
    const { requesters, noteBy } = approval;
    const started = await startExecution(
      {
        stateMachineArn: stateMachineOf(approval.executionArn),
        name: execution,
        input: again,
        by,
        resubmits: { requesters, noteBy, previousAnswer: { ...toPreviousAnswer(approval), permalink } },
      },
      client,
      dependencies,
    );
    if (started.refused !== undefined) {
      await ack();
      return answerPrivately(body.response_url, started.refused);
    }
    const { requester } = started;
    await approvals.recordResubmission(approval, { by: requester, at: now().toISOString() });
    await ack();
    const current = await approvals.get(approval);
    // If the bot crashes before this, the approval is still due for a check, and the reconciler adds the entry.
    for (const entry of entriesOf(current ?? approval))
      if (entry.action === 'resubmitted') await recordEntry(entry, client, dependencies);
    log('resubmitted', { execution, approval: approval.id, by });
    await syncMessage({ approvals, slack: client }, approval);
    if (requester === by) return answerPrivately(body.response_url, answerOf(approval));
    const text = notResubmitted(current);
    return answerPrivately(body.response_url, await withLink(text, approval, client));
  };
}

/**
 * Keeps the beginning of the earlier name, which says what is asked, and replaces its digest. A name has at most 80
 * characters: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
 */
function resubmissionName({ execution, id }: Approval): string {
  return `${execution.replace(/-[0-9a-f]{16}$/, '').slice(0, 60)}-${digest(id)}`;
}
