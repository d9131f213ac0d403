// The actions of people in the workspace, one function each: say, press, submit, close and open.
// Created once by `slack.ts`; the requests of the page and the tests call them.
import type { Values } from '../blocks/fields.ts';
import type { Which } from '../blocks/find-button.ts';
import { channelOf } from '../store/conversations.ts';
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
  /**
   * Sends the text of the message box. Text that starts with "/" is a slash command; the app gets no other text. `where`
   * is the id of the channel, or the `ts` of the message to reply to; by default the first channel.
   */
  say(person: string, text: string, where?: string): Promise<Answer>;
  /**
   * Presses a button of a message (by its `ts`), or of the person's Home or modal (by its `id`). `which` tells apart
   * buttons that share an `action_id`; `values` are the current values of the view's fields. Throws unless exactly one
   * button matches.
   */
  press(person: string, where: string, actionId: string, which?: Which, values?: Values): Promise<Answer>;
  /**
   * Submits the modal with these values, by `action_id`; other fields keep their initial values. If Slack refuses a
   * value, it shows an error at the field and sends nothing. Throws if no modal is open or a field does not exist.
   */
  submit(person: string, values: Values): Promise<Answer>;
  /** Closes the modal; nothing is sent. */
  closeModal(person: string): void;
  /** Opens the App Home at that tab, by default `home`. */
  openHome(person: string, tab?: Tab): Promise<Answer>;
}

export function createUserActions(installation: Installation): UserActions {
  return {
    say: (person, text, where) => say(installation, person, text, where),
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
  where: string | undefined,
): Promise<Answer> {
  const { workspace, log } = installation;
  const isTs = where?.includes('.');
  const parent = isTs ? workspace.messages().find(({ ts }) => ts === where) : undefined;
  // Nobody can reply in direct messages with the app, because its manifest makes them read-only.
  if (isTs && !parent) throw new Error(`There is no message ${where} to reply to`);
  const channel = channelOf(installation, parent?.channel ?? where);
  if (text.startsWith('/'))
    return runCommand(installation, { person: personOf(person), line: text, channel }, parent?.ts);
  if (text.trim() === '') throw new Error('There is nothing to say');
  const { id } = personOf(person);
  const { ts } = workspace.add({
    user: id,
    channel: channel.id,
    text,
    ...(parent && { threadTs: parent.ts }),
  });
  log({ source: 'slack', event: 'message_said', person: id, channel: channel.id, ts });
  // Message events are not supported, so the app gets nothing.
  return nothingSent;
}
