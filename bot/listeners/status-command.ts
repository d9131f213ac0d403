// The slash command with `status`, `pending` or `cancel`: where things stand, privately, page by page. Only the modal that
// cancel opens changes anything.
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
import type { CommandListener } from './slash-command.ts';
import type { ButtonListener } from './vote-buttons.ts';

/** How many are shown at once: more is not read. */
const PAGE = 10;

/** How many of those that wait are looked through for one's own. */
const LOOKED_THROUGH = 100;

/** With an execution's name: that one; without: what waits of one's own. */
export function statusCommand(dependencies: DecisionDependencies): CommandListener {
  const { approvals, command: known } = dependencies;
  return async ({ command, ack, client }) => {
    const { user_id: by, response_url } = command;
    const [, name] = command.text.trim().split(/\s+/);
    const found = name
      ? await called(name, dependencies)
      : (await approvals.pending(LOOKED_THROUGH)).approvals.filter(({ request }) => request.requester === by);
    if (found.length === 0) return ack(name ? unknownExecution(name, known) : nothingOfYours(known));
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

export function cancelCommand(dependencies: DecisionDependencies): CommandListener {
  const { command: known, now } = dependencies;
  return async ({ command, ack, client }) => {
    const { user_id: by, trigger_id, response_url } = command;
    const [, name] = command.text.trim().split(/\s+/);
    if (!name) return ack(whichExecution(known));
    const asked = await called(name, dependencies);
    // Two state machines may have executions of one name.
    const approval = asked.findLast(({ status }) => status === 'pending') ?? asked.at(-1);
    if (!approval) return ack(unknownExecution(name, known));
    const refusal = refusalOf(approval, 'cancel', by, now());
    if (refusal) return ack(refused(refusal, 'cancel', approval));
    await client.views.open({ trigger_id, view: cancelModal(approval, response_url) });
    return ack();
  };
}

/** What the executions of this name have asked. */
async function called(
  name: string,
  { approvals, executions }: DecisionDependencies,
): Promise<readonly Approval[]> {
  const asked = await Promise.all(executions.arnsOf(name).map((arn) => approvals.ofExecution(arn)));
  return asked.flat();
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
