// The slash command with `status`: shows the approvals of a named execution, or the person's own pending approvals.
import { approvalsByName, typedName } from '../approvals-by-name.ts';
import type { DecisionDependencies } from '../decide.ts';
import { answerPrivately } from '../private-answer.ts';
import { visibleTo } from '../visible-approvals.ts';
import { withPermalinks } from '../../slack/messages/permalink.ts';
import { nothingOfYours, approvalList, unknownExecution } from '../../slack/views/approval-list.ts';
import type { CommandListener } from './listener.ts';

/** Maximum number of approvals in the answer. */
const MAX_SHOWN = 10;

/** Number of pending approvals that are read to find the person's own approvals. */
const MAX_SEARCHED = 100;

export function statusCommand(dependencies: DecisionDependencies): CommandListener {
  const { approvals, command: commandInfo } = dependencies;
  return async ({ command, ack, client }) => {
    const { user_id: by, response_url } = command;
    const name = typedName(command.text);
    const found = name
      ? await approvalsByName(name, dependencies)
      : (await approvals.pending(MAX_SEARCHED)).approvals.filter(({ requester }) => requester === by);
    if (found.length === 0)
      return ack(name ? unknownExecution(name, commandInfo) : nothingOfYours(commandInfo));
    await ack();
    const visible = await visibleTo(by, found, client, dependencies);
    if (name && visible.length === 0)
      return answerPrivately(response_url, unknownExecution(name, commandInfo));
    const title = name ? 'Status' : 'Your requests';
    const shown = await withPermalinks(visible.slice(0, MAX_SHOWN), client);
    return answerPrivately(response_url, approvalList(title, shown));
  };
}
