// The slash command with `status`: shows the approvals of a named execution, or the person's own pending approvals.
import type { Approvals } from '../../aws/approvals-table.ts';
import type { Approval, PageCursor } from '../../domain/approval.ts';
import { approvalsByName, typedName } from '../approvals-by-name.ts';
import type { DecisionDependencies } from '../decide.ts';
import { answerPrivately } from '../private-answer.ts';
import { visibleTo } from '../visible-approvals.ts';
import { withPermalinks } from '../../slack/messages/permalink.ts';
import { nothingOfYours, approvalList, unknownExecution } from '../../slack/views/approval-list.ts';
import type { CommandListener } from './listener.ts';

/** Maximum number of approvals in the answer. */
const MAX_SHOWN = 10;

/** Pages of 100 pending approvals that are read at most to find the person's own approvals. */
const MAX_PAGES = 10;

export function statusCommand(dependencies: DecisionDependencies): CommandListener {
  const { approvals, command: commandInfo } = dependencies;
  return async ({ command, ack, client }) => {
    const { user_id: by, response_url } = command;
    const name = typedName(command.text);
    const found = name ? await approvalsByName(name, dependencies) : await ownPending(by, approvals);
    if (found.length === 0)
      return ack(name ? unknownExecution(name, commandInfo) : nothingOfYours(commandInfo));
    await ack();
    const visible = await visibleTo(by, found, client, dependencies);
    if (name && visible.length === 0)
      return answerPrivately(response_url, unknownExecution(name, commandInfo));
    const title = name ? 'Status' : 'Your requests';
    // Of an execution the newest approvals, of the own ones those with the earliest deadlines.
    const some = name ? visible.slice(-MAX_SHOWN) : visible.slice(0, MAX_SHOWN);
    const more = visible.length > some.length ? ` (${some.length} of ${visible.length})` : '';
    return answerPrivately(response_url, approvalList(`${title}${more}`, await withPermalinks(some, client)));
  };
}

/** The person's own pending approvals, earliest deadline first. */
async function ownPending(
  person: string,
  approvals: Pick<Approvals, 'pending'>,
): Promise<readonly Approval[]> {
  const own: Approval[] = [];
  let after: PageCursor | undefined;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const page = await approvals.pending(100, after);
    own.push(...page.approvals.filter(({ requester }) => requester === person));
    after = page.next;
    if (!after) break;
  }
  return own;
}
