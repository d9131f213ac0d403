// `/trade status`, `/trade pending` and `/trade cancel`: where things stand, privately, page by page. Only the modal that
// cancel opens changes anything.
import type { Middleware, SlackCommandMiddlewareArgs } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Place } from '../../aws/approvals-table.ts';
import type { Approval } from '../../domain/approval.ts';
import { refusalOf } from '../../domain/votes.ts';
import type { DecisionDependencies } from '../decide.ts';
import { answerPrivately } from '../private-answer.ts';
import { permalinkOf } from '../thread.ts';
import { cancelModal } from '../views/cancel-modal.ts';
import { refused } from '../views/decision-refused.ts';
import {
  type Linked,
  nothingOfYours,
  nothingPending,
  readMorePending,
  standingsList,
  unknownExecution,
  whichExecution,
} from '../views/standings-list.ts';
import type { ButtonListener } from './vote-buttons.ts';

type CommandListener = Middleware<SlackCommandMiddlewareArgs>;

/** How many are shown at once: more is not read. */
const PAGE = 10;

/** How many of those that wait are looked through for one's own. */
const LOOKED_THROUGH = 100;

/** `status AMZN-3f9c`: that one; `status` alone: what waits of one's own. */
export function statusCommand({ approvals, executions }: DecisionDependencies): CommandListener {
  return async ({ command, ack, client }) => {
    const { user_id: by, response_url } = command;
    const [, name] = command.text.trim().split(/\s+/);
    const found = name
      ? await approvals.ofExecution(executions.arnOf(name))
      : (await approvals.pending(LOOKED_THROUGH)).approvals.filter(({ request }) => request.requester === by);
    if (found.length === 0) return ack(name ? unknownExecution(name) : nothingOfYours());
    await ack();
    const title = name ? 'Where it stands' : 'What you asked for';
    return answerPrivately(response_url, standingsList(title, await linked(found.slice(0, PAGE), client)));
  };
}

export function pendingCommand(dependencies: DecisionDependencies): CommandListener {
  return async ({ command, ack, client }) => {
    await ack();
    return showPending(undefined, command.response_url, client, dependencies);
  };
}

/** The next page of what is pending. */
export function morePendingButton(dependencies: DecisionDependencies): ButtonListener {
  return async ({ action, body, ack, client }) => {
    await ack();
    return showPending(readMorePending(action.value), body.response_url, client, dependencies);
  };
}

export function cancelCommand({ approvals, executions, now }: DecisionDependencies): CommandListener {
  return async ({ command, ack, client }) => {
    const { user_id: by, trigger_id, response_url } = command;
    const [, name] = command.text.trim().split(/\s+/);
    if (!name) return ack(whichExecution());
    const approval = (await approvals.ofExecution(executions.arnOf(name))).at(-1);
    if (!approval) return ack(unknownExecution(name));
    const refusal = refusalOf(approval, 'cancel', by, now());
    if (refusal) return ack(refused(refusal, 'cancel', approval));
    await client.views.open({ trigger_id, view: cancelModal(approval, response_url) });
    return ack();
  };
}

async function showPending(
  after: Place | undefined,
  responseUrl: string,
  slack: WebClient,
  { approvals }: DecisionDependencies,
): Promise<void> {
  const { approvals: found, next } = await approvals.pending(PAGE, after);
  if (found.length === 0) return answerPrivately(responseUrl, nothingPending());
  return answerPrivately(responseUrl, standingsList('What waits', await linked(found, slack), next));
}

async function linked(approvals: readonly Approval[], slack: WebClient): Promise<readonly Linked[]> {
  return Promise.all(
    approvals.map(async (approval) => ({ approval, permalink: await permalinkOf(approval, slack) })),
  );
}
