// The settings of one's own: a button in Home opens the modal, its submission keeps them and shows Home anew.
import { unfitness } from '../members.ts';
import { type HomeDependencies, publishHome } from '../publish-home.ts';
import { cannotStandIn, readSettings, settingsModal } from '../views/settings-modal.ts';
import type { Submission } from './decline-modal.ts';
import type { ButtonListener } from './vote-buttons.ts';

export function settingsButtonPressed({ people, now }: HomeDependencies): ButtonListener {
  return async ({ body, ack, client }) => {
    const preferences = await people.preferences(body.user.id, now());
    await client.views.open({ trigger_id: body.trigger_id, view: settingsModal(preferences) });
    return ack();
  };
}

export function settingsSubmission(dependencies: HomeDependencies): Submission {
  const { people, now } = dependencies;
  return async ({ view, body, ack, client }) => {
    const person = body.user.id;
    const read = readSettings(view, person, now());
    if ('errors' in read) return ack({ response_action: 'errors', errors: { ...read.errors } });
    const { delegate, ...others } = read.preferences;
    await people.setPreferences(person, read.preferences);
    await ack();
    const { team_id } = await client.auth.test();
    const unfit = delegate && (await unfitness(delegate, team_id, client));
    if (unfit) {
      await people.setPreferences(person, others);
      await client.chat.postMessage({ channel: person, text: cannotStandIn(delegate) });
    }
    return publishHome(person, client, dependencies);
  };
}
