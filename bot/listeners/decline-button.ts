// A press of Decline opens the modal that asks why; nothing is decided before that is submitted. The modal must open
// within three seconds of the press, so it opens first, and learns afterwards what it is about.
import { type Approval, refusalOf } from '../../domain/approval.ts';
import { type DecisionDependencies, resend } from '../decide.ts';
import { answerPrivately } from '../private-answer.ts';
import { showApproval } from '../thread.ts';
import { readApprovalValue } from '../views/approval-value.ts';
import { decisionRefused } from '../views/decision-refused.ts';
import { declineModal } from '../views/decline-modal.ts';
import { noticeModal } from '../views/notice-modal.ts';
import type { Press } from './approve-button.ts';

export function declineButton(dependencies: DecisionDependencies): Press {
  const { approvals } = dependencies;
  return async ({ action, body, ack, client: slack }) => {
    const key = readApprovalValue(action.value);
    if (!key) {
      await ack();
      return answerPrivately(body.response_url, decisionRefused('unknown', undefined));
    }
    const declining = { ...key, messageTs: body.message?.['ts'], responseUrl: body.response_url };
    const { view } = await slack.views.open({ trigger_id: body.trigger_id, view: declineModal(declining) });
    await ack();
    const approval = await approvals.get(key);
    const view_id = view?.id ?? '';
    if (approval?.status === 'pending') {
      return void (await slack.views.update({ view_id, view: declineModal(declining, approval) }));
    }
    await resend(key, dependencies);
    await showApproval({ approvals, slack }, key);
    await slack.views.update({ view_id, view: over(approval) });
  };
}

/** There is nothing left to decline. */
function over(approval: Approval | undefined) {
  return noticeModal('Decline', decisionRefused(refusalOf(approval), approval));
}
