// Presses a button of a Home or a modal: sends a block_actions request, and shows a warning if the request fails.
// Called by `user-actions.ts`, for the page and for tests.
import { stateOf } from '../blocks/fields.ts';
import type { Values } from '../blocks/fields.ts';
import { actionObject, findButton } from '../blocks/find-button.ts';
import type { FoundButton, Which } from '../blocks/find-button.ts';
import type { Installation } from '../store/installation.ts';
import { app, team, userObject } from '../store/people.ts';
import type { Person } from '../store/people.ts';
import { failureOf, issueTrigger, sendRequest } from './send-request.ts';
import type { Answer } from '../store/last-request.ts';
import type { Workspace } from '../store/state.ts';
import { viewObject } from '../blocks/view.ts';
import { inputsOf } from '../blocks/blocks.ts';
import type { Home, View } from '../blocks/view.ts';

/** @param values current values of the view's fields */
export async function pressInView(
  installation: Installation,
  person: Person,
  viewId: string,
  actionId: string,
  which: Which,
  values: Values,
): Promise<Answer> {
  const { workspace, log } = installation;
  const view = [workspace.home(person.id), workspace.modal(person.id)].find((each) => each?.id === viewId);
  if (!view) throw new Error(`There is no view ${viewId} before ${person.name}`);
  const pressed = findButton(view.blocks, `view ${viewId}`, actionId, which);
  showFailure(workspace, person, viewId, undefined);
  const payload = JSON.stringify(blockActions(installation, person, view, pressed, values));
  const answer = await sendRequest(installation, { payload });
  const failure = failureOf(answer);
  if (failure) showFailure(workspace, person, viewId, failure);
  const { status, milliseconds } = answer;
  const answered = { source: 'slack', event: 'button_answered', person: person.id, status, milliseconds };
  log({ ...answered, action: actionId, view: viewId, ...(failure && { failure }) });
  return answer;
}

// The payload has no channel and no response_url:
// https://docs.slack.dev/reference/interaction-payloads/block_actions-payload#examples
function blockActions(
  installation: Installation,
  person: Person,
  view: Home | View,
  pressed: FoundButton,
  values: Values,
): object {
  return {
    type: 'block_actions',
    user: userObject(person),
    api_app_id: app.id,
    container: { type: 'view', view_id: view.id },
    trigger_id: issueTrigger(installation, person.id),
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
    view: viewObject(view, stateOf(inputsOf(view.blocks), values)),
    actions: [actionObject(pressed, installation.workspace.nextTs())],
  };
}

/** Shows the failure in the person's Home or modal with this id. If `failure` is undefined, removes an earlier one. */
function showFailure(workspace: Workspace, person: Person, id: string, failure: string | undefined): void {
  const home = workspace.home(person.id);
  if (home?.id === id && home.warning !== failure) {
    const { warning: _before, ...rest } = home;
    workspace.showHome(person.id, failure ? { ...rest, warning: failure } : rest);
  }
  const modal = workspace.modal(person.id);
  if (modal?.id === id && modal.failed !== (failure && true)) {
    const { failed: _before, ...rest } = modal;
    workspace.showModal(person.id, failure ? { ...rest, failed: true } : rest);
  }
}
