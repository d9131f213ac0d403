// The settings modal is submitted: stores the person's own settings and publishes Home again.
import { type HomeDependencies, publishHome } from '../publish-home.ts';
import { unfitness } from '../../slack/resolve-approvers.ts';
import { cannotStandIn, readSettings } from '../../slack/views/settings-modal.ts';
import type { ModalListener } from './listener.ts';

export function settingsSubmission(dependencies: HomeDependencies): ModalListener {
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
