// A press of Decline: opens a modal that asks for a reason. A modal must open within three seconds of the press. So the
// listener opens the modal before it reads the approval, and then adds the approval to the modal.
import type { ModalView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { sendDecision } from '../../aws/send-decision.ts';
import { digest } from '../../domain/digest.ts';
import { refusalEntry } from '../../domain/audit.ts';
import { refusalOf } from '../../domain/votes.ts';
import { isModalClosed } from '../../slack/slack-errors.ts';
import { syncMessage } from '../../slack/messages/sync-message.ts';
import { readApprovalValue } from '../../slack/views/approval-value.ts';
import { unknownApproval } from '../../slack/views/decision-refused.ts';
import { declineModal } from '../../slack/views/decline-modal.ts';
import { noticeModal } from '../../slack/views/notice-modal.ts';
import { type DecisionDependencies, refusalText } from '../decide.ts';
import { answer } from '../private-answer.ts';
import { recordEntry } from '../record-entry.ts';
import { type ButtonListener, responseUrlOf } from './listener.ts';

export function declineButton(dependencies: DecisionDependencies): ButtonListener {
  const { approvals, now } = dependencies;
  return async ({ action, body, ack, client: slack }) => {
    const read = readApprovalValue(action.value);
    const responseUrl = responseUrlOf(body);
    if (!read) {
      await ack();
      return answer({ by: body.user.id, responseUrl }, unknownApproval, slack);
    }
    const { key, termsDigest } = read;
    const state = { ...key, termsDigest, messageTs: body.message?.['ts'], responseUrl };
    const { view } = await slack.views.open({ trigger_id: body.trigger_id, view: declineModal(state) });
    await ack();
    const approval = await approvals.get(key);
    const view_id = view?.id ?? '';
    const at = now();
    const refusal = refusalOf(approval, 'decline', body.user.id, at, {
      trigger: digest(body.trigger_id),
      termsDigest,
    });
    // If the deadline has passed, the modal still shows the request, and a submission of the modal is refused.
    if (approval && (!refusal || refusal === 'past_deadline')) {
      await updateModal(slack, view_id, declineModal(state, approval));
      return;
    }
    if (approval && refusal) {
      const refused = { action: 'decline', by: body.user.id, at: at.toISOString(), refusal } as const;
      await recordEntry(refusalEntry(approval, refused), slack, dependencies);
    }
    const unsent = await approvals.getUnsentDecision(key);
    if (unsent) await sendDecision(unsent, dependencies);
    await syncMessage({ approvals, slack }, key);
    const request = { by: body.user.id, action: 'decline' } as const;
    const text =
      approval && refusal
        ? await refusalText(refusal, approval, request, slack, dependencies)
        : unknownApproval;
    const isShown = await updateModal(slack, view_id, noticeModal('Decline', text));
    if (!isShown) await answer({ by: body.user.id, responseUrl }, text, slack);
  };
}

/** Returns false if the person has closed the modal. */
async function updateModal(slack: WebClient, view_id: string, view: ModalView): Promise<boolean> {
  try {
    await slack.views.update({ view_id, view });
    return true;
  } catch (error) {
    if (isModalClosed(error)) return false;
    throw error;
  }
}
