// The slash command with `cancel` and the name of an execution: opens a modal that asks for a reason. The request is
// cancelled when the modal is submitted.
import { refusalEntry } from '../../domain/audit.ts';
import { refusalOf } from '../../domain/votes.ts';
import { approvalsByName, typedName } from '../approvals-by-name.ts';
import { type DecisionDependencies, refusalText } from '../decide.ts';
import { type CancelledBy, type Pressed, pressedBy } from '../pressed-by.ts';
import { answerPrivately } from '../private-answer.ts';
import { recordEntry } from '../record-entry.ts';
import { visibleTo } from '../visible-approvals.ts';
import { unknownExecution, whichExecution } from '../../slack/views/approval-list.ts';
import { cancelModal } from '../../slack/views/cancel-modal.ts';
import type { CommandListener } from './listener.ts';

export interface CancelDependencies extends DecisionDependencies {
  /** Cancels what an approved execution does. Absent if nothing can be cancelled then. */
  readonly cancelApproved?: (pressed: Pressed, by: CancelledBy) => Promise<void>;
}

export function cancelCommand(dependencies: CancelDependencies): CommandListener {
  const { command: commandInfo, now, cancelApproved } = dependencies;
  return async ({ command, ack, client }) => {
    const { user_id: by, trigger_id, response_url } = command;
    const name = typedName(command.text);
    if (!name) return ack(whichExecution(commandInfo));
    const all = await approvalsByName(name, dependencies);
    const found = await visibleTo(by, all, client, dependencies);
    const approval = found.findLast(({ status }) => status === 'pending') ?? found.at(-1);
    const at = now();
    if (!approval) {
      await ack(unknownExecution(name, commandInfo));
      const hidden = all.at(-1);
      const refused = { action: 'cancel', by, at: at.toISOString(), refusal: 'not_an_approver' } as const;
      if (hidden) await recordEntry(refusalEntry(hidden, refused), client, dependencies);
      return;
    }
    if (cancelApproved && approval.status === 'approved' && !approval.result) {
      const pressed = await pressedBy(by, approval, client, dependencies);
      return cancelApproved(pressed, { by, slack: client, answer: async (text) => ack(text) });
    }
    const refusal = refusalOf(approval, 'cancel', by, at);
    if (refusal) {
      await ack();
      const text = await refusalText(refusal, approval, { by, action: 'cancel' }, client, dependencies);
      await answerPrivately(response_url, text);
      const refused = refusalEntry(approval, { action: 'cancel', by, at: at.toISOString(), refusal });
      return recordEntry(refused, client, dependencies);
    }
    await client.views.open({ trigger_id, view: cancelModal(approval, response_url) });
    return ack();
  };
}
