// The slash command with `status`: one execution by its name, or the person's own pending requests. It changes nothing.
import { approvalsByName } from '../approvals-by-name.ts';
import type { DecisionDependencies } from '../decide.ts';
import { answerPrivately } from '../private-answer.ts';
import { withPermalinks } from '../../slack/messages/permalink.ts';
import { nothingOfYours, approvalList, unknownExecution } from '../../slack/views/approval-list.ts';
import type { CommandListener } from './listener.ts';

/** Approvals shown at most. */
const PAGE = 10;

/** Pending approvals searched for the person's own. */
const LOOKED_THROUGH = 100;

export function statusCommand(dependencies: DecisionDependencies): CommandListener {
  const { approvals, command: known } = dependencies;
  return async ({ command, ack, client }) => {
    const { user_id: by, response_url } = command;
    const [, name] = command.text.trim().split(/\s+/);
    const found = name
      ? await approvalsByName(name, dependencies)
      : (await approvals.pending(LOOKED_THROUGH)).approvals.filter(({ request }) => request.requester === by);
    if (found.length === 0) return ack(name ? unknownExecution(name, known) : nothingOfYours(known));
    await ack();
    const title = name ? 'Where it stands' : 'What you asked for';
    const shown = await withPermalinks(found.slice(0, PAGE), client);
    return answerPrivately(response_url, approvalList(title, shown));
  };
}
