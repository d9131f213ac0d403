// Submits a modal: checks the fields as Slack does, sends a view_submission, and applies the app's answer.
// Called by `user-actions.ts`, for the page and for tests.
import * as v from 'valibot';
import { inputsOf } from '../blocks/blocks.ts';
import type { InputBlock } from '../blocks/blocks.ts';
import { checkField, stateOf } from '../blocks/fields.ts';
import type { Values } from '../blocks/fields.ts';
import { parseJson } from '../server/http.ts';
import type { Installation } from '../store/installation.ts';
import { app, userObject } from '../store/people.ts';
import type { Person } from '../store/people.ts';
import { failureOf, issueTrigger, nothingSent, sendRequest } from './send-request.ts';
import type { Answer } from '../store/last-request.ts';
import { complaintsOf, isRecord } from '../blocks/validators.ts';
import { appView, stored, viewObject } from '../blocks/view.ts';
import type { View } from '../blocks/view.ts';

type Errors = Readonly<Record<string, string>>;

export async function submitModal(
  installation: Installation,
  person: Person,
  values: Values,
): Promise<Answer> {
  const { workspace, log } = installation;
  const modal = modalOf(installation, person);
  const { errors: _errors, failed: _failed, ...view } = modal;
  const inputs = inputsOf(view.blocks);
  refuseUnknown(inputs, values);
  const errors = wrongFields(inputs, values);
  if (Object.keys(errors).length > 0) {
    workspace.showModal(person.id, { ...view, errors });
    return nothingSent;
  }
  if (modal.errors ?? modal.failed) workspace.showModal(person.id, view);
  const payload = JSON.stringify(viewSubmission(installation, person, view, values));
  const answer = await sendRequest(installation, { payload });
  const failure = failureOf(answer) ?? applyAnswer(installation, person, view.id, answer.body);
  if (failure) change(installation, person, view.id, (now) => ({ ...now, failed: true }));
  const { status, milliseconds } = answer;
  const answered = { source: 'slack', event: 'modal_answered', person: person.id, status, milliseconds };
  log({ ...answered, callback: view.callback_id, ...(failure && { failure }) });
  return answer;
}

export function closeModal(installation: Installation, person: Person): void {
  modalOf(installation, person);
  installation.workspace.showModal(person.id, undefined);
}

function modalOf({ workspace }: Installation, person: Person): View {
  const view = workspace.modal(person.id);
  if (!view) throw new Error(`No modal is open before ${person.name}`);
  return view;
}

function refuseUnknown(inputs: readonly InputBlock[], values: Values): void {
  const names = inputs.map(({ element }) => element.action_id);
  const unknown = Object.keys(values).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Error(`The modal has no field ${unknown}`);
}

function wrongFields(inputs: readonly InputBlock[], values: Values): Errors {
  return Object.fromEntries(
    inputs.flatMap((input) => {
      const error = checkField(input, values);
      return error ? [[input.block_id, error]] : [];
    }),
  );
}

// https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
function viewSubmission(installation: Installation, person: Person, view: View, values: Values): object {
  return {
    type: 'view_submission',
    // The person's own team: https://github.com/slackapi/bolt-js/issues/1614
    team: { id: person.team.id, domain: person.team.domain },
    user: userObject(person),
    api_app_id: app.id,
    trigger_id: issueTrigger(installation, person.id),
    view: viewObject(view, stateOf(inputsOf(view.blocks), values)),
    response_urls: [],
    is_enterprise_install: false,
    enterprise: null,
  };
}

/** Applies the answer. Returns an error if it is invalid: https://docs.slack.dev/surfaces/modals#response_actions */
function applyAnswer(
  installation: Installation,
  person: Person,
  id: string,
  body: string,
): string | undefined {
  if (body.trim() === '') return change(installation, person, id, () => undefined);
  const answer = parseJson(body);
  if (!isRecord(answer)) return 'answer_not_understood';
  if (answer['response_action'] === 'clear') return change(installation, person, id, () => undefined);
  if (answer['response_action'] === 'errors') return showErrors(installation, person, id, answer['errors']);
  if (answer['response_action'] === 'update') return showNext(installation, person, id, answer['view']);
  return `response_action_${String(answer['response_action'])}`;
}

function showErrors(
  installation: Installation,
  person: Person,
  id: string,
  sent: unknown,
): string | undefined {
  const fields = inputsOf(installation.workspace.modal(person.id)?.blocks ?? []).map((each) => each.block_id);
  if (!areErrors(sent, fields)) return 'invalid_errors';
  return change(installation, person, id, (now) => ({ ...now, errors: sent }));
}

function areErrors(sent: unknown, fields: readonly (string | undefined)[]): sent is Errors {
  if (!isRecord(sent) || Object.keys(sent).length === 0) return false;
  return Object.entries(sent).every(([block, said]) => fields.includes(block) && typeof said === 'string');
}

function showNext(installation: Installation, person: Person, id: string, sent: unknown): string | undefined {
  const { success, output: view, issues } = v.safeParse(appView, sent);
  if (!success) {
    const errors = complaintsOf(issues, '/view');
    installation.log({ source: 'slack', event: 'view_refused', errors });
    return 'invalid_view';
  }
  if (view.type !== 'modal') return 'invalid_view';
  const next = stored(view, id, installation.workspace.nextTs());
  return change(installation, person, id, () => next);
}

/** Changes the modal only if it is still open: the person may have closed it meanwhile. */
function change(
  { workspace }: Installation,
  person: Person,
  id: string,
  changed: (now: View) => View | undefined,
): undefined {
  const now = workspace.modal(person.id);
  if (now?.id === id) workspace.showModal(person.id, changed(now));
}
