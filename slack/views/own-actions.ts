// The action ids of the bot's own buttons. A workflow must not use one of them for its own button, because the bot's
// listener would handle the press. The parser of progress reads it.
import { morePendingAction } from './approval-list.ts';
import { decisionActions, undoAction } from './decision-button.ts';
import { refuseDelegationAction } from './delegation.ts';
import { resubmitAction } from './resubmit-button.ts';
import { settingsAction } from './settings-modal.ts';

export const ownActions: readonly string[] = [
  decisionActions.approved,
  decisionActions.declined,
  undoAction,
  resubmitAction,
  refuseDelegationAction,
  morePendingAction,
  settingsAction,
];
