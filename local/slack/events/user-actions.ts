// What people do in the workspace, each thing by one function: they say, press, fill in and open.
// Made once by `slack.ts`; the page's requests and tests end here alike.
import type { Values } from '../blocks/fields.ts';
import type { Which } from '../blocks/find-button.ts';
import type { Installation } from '../store/installation.ts';
import { openAppHome } from './open-app-home.ts';
import type { Tab } from './open-app-home.ts';
import { personOf } from '../store/people.ts';
import { pressButton } from './press-button.ts';
import { pressInView } from './press-in-view.ts';
import { runCommand } from './run-command.ts';
import { nothingSent } from './send-request.ts';
import type { Answer } from '../store/last-request.ts';
import { closeModal, submitModal } from './submit-modal.ts';

export interface UserActions {
  /** What the message box does: a text starting with "/" is a slash command; else nothing is sent to the app. */
  say(person: string, text: string, threadTs?: string): Promise<Answer>;
  /**
   * Presses that button of a message, by its `ts`, or of the person's Home or modal, by its `id`, as it stands now;
   * `which` tells those apart that share an `action_id`, and `values` are what stands in a modal's fields. Throws if
   * there is none, or more than one.
   */
  press(person: string, where: string, actionId: string, which?: Which, values?: Values): Promise<Answer>;
  /**
   * Submits the modal with these values, by `action_id`; a field not named keeps its initial value. A field Slack would
   * not let pass gets its error, and nothing is sent. Throws if no modal is open or it has no such field.
   */
  submit(person: string, values: Values): Promise<Answer>;
  /** Closes it, which decides nothing and sends nothing. */
  closeModal(person: string): void;
  /** Opens the app's own place at that tab, `home` if none is named. */
  openHome(person: string, tab?: Tab): Promise<Answer>;
}

export function createUserActions(installation: Installation): UserActions {
  return {
    say: (person, text, threadTs) => say(installation, person, text, threadTs),
    press: async (person, where, actionId, which = {}, values = {}) =>
      where.startsWith('V')
        ? pressInView(installation, personOf(person), where, actionId, which, values)
        : pressButton(installation, personOf(person), where, actionId, which),
    submit: async (person, values) => submitModal(installation, personOf(person), values),
    closeModal: (person) => closeModal(installation, personOf(person)),
    openHome: async (person, tab = 'home') => openAppHome(installation, personOf(person), tab),
  };
}

async function say(
  installation: Installation,
  person: string,
  text: string,
  threadTs: string | undefined,
): Promise<Answer> {
  const { workspace, log } = installation;
  const { id } = personOf(person);
  const parent = threadTs === undefined ? undefined : workspace.find(threadTs);
  // An app's direct messages take no messages from people unless it asks for them in its manifest.
  if (threadTs && (!parent || parent.directTo))
    throw new Error(`There is no message ${threadTs} to reply to`);
  if (text.startsWith('/')) return runCommand(installation, personOf(person), text, threadTs);
  if (text.trim() === '') throw new Error('There is nothing to say');
  const { ts } = workspace.add({ user: id, text, ...(threadTs && { threadTs }) });
  log({ source: 'slack', event: 'message_said', person: id, ts });
  // No event of messages is known here, so nothing is sent to the app.
  return nothingSent;
}
