// A press of Decline opens the modal that asks why; nothing is decided before that is submitted. The modal must open
// within three seconds of the press, so it opens first, and learns afterwards what it is about.
import { decisionRefused } from '../views/decision-refused.ts';
import { refusalOf } from '../../domain/approval.ts';
import type { DecisionDependencies } from '../decide.ts';
import { answerPrivately } from '../private-answer.ts';
import { readApprovalValue } from '../views/approval-value.ts';
import { declineModal } from '../views/decline-modal.ts';
import { noticeModal } from '../views/notice-modal.ts';
import type { Press } from './approve-button.ts';

export function declineButton({ approvals }: Pick<DecisionDependencies, 'approvals'>): Press {
  return async ({ action, body, ack, client }) => {
    const key = readApprovalValue(action.value);
    if (!key) {
      await ack();
      return answerPrivately(body.response_url, decisionRefused('unknown', undefined));
    }
    const declining = { ...key, messageTs: body.message?.['ts'], responseUrl: body.response_url };
    const { view } = await client.views.open({ trigger_id: body.trigger_id, view: declineModal(declining) });
    await ack();
    const approval = await approvals.get(key);
    const over = approval?.status !== 'pending';
    const known = over
      ? noticeModal('Decline', decisionRefused(refusalOf(approval), approval))
      : declineModal(declining, approval);
    if (view?.id) await client.views.update({ view_id: view.id, view: known });
  };
}
