// The slash command with `pending`, and the button for the next page. Both answer privately with one page of pending
// approvals.
import type { WebClient } from '@slack/web-api';
import type { PageCursor } from '../../domain/approval.ts';
import type { DecisionDependencies } from '../decide.ts';
import { answerPrivately } from '../private-answer.ts';
import { visiblePending } from '../visible-approvals.ts';
import { withPermalinks } from '../../slack/messages/permalink.ts';
import {
  noneOnThisPage,
  nothingPending,
  readMorePending,
  approvalList,
} from '../../slack/views/approval-list.ts';
import type { ButtonListener, CommandListener } from './listener.ts';

/** Maximum number of approvals per page. */
const PAGE = 10;

export function pendingCommand(dependencies: DecisionDependencies): CommandListener {
  return async ({ command, ack, client }) => {
    await ack();
    return showPending(command.user_id, undefined, command.response_url, client, dependencies);
  };
}

export function morePendingButton(dependencies: DecisionDependencies): ButtonListener {
  return async ({ action, body, ack, client }) => {
    await ack();
    const after = readMorePending(action.value);
    return showPending(body.user.id, after, body.response_url, client, dependencies);
  };
}

async function showPending(
  person: string,
  after: PageCursor | undefined,
  responseUrl: string,
  slack: WebClient,
  dependencies: DecisionDependencies,
): Promise<void> {
  const page = { limit: PAGE, after };
  const { approvals: found, next } = await visiblePending(person, page, slack, dependencies);
  if (found.length === 0 && !next) return answerPrivately(responseUrl, nothingPending());
  const title = found.length > 0 ? 'Pending requests' : noneOnThisPage;
  return answerPrivately(responseUrl, approvalList(title, await withPermalinks(found, slack), next));
}
