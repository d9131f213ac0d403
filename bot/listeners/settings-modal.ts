// The submission of the settings modal: stores the settings of the person, and publishes Home again.
import { type HomeDependencies, publishHome } from '../publish-home.ts';
import { ineligibilityReason } from '../../slack/resolve-approvers.ts';
import { delegateIneligible, readSettings } from '../../slack/views/settings-modal.ts';
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
    const ineligibility = delegate && (await ineligibilityReason(delegate, team_id, client));
    if (ineligibility) {
      await people.setPreferences(person, others);
      await client.chat.postMessage({ channel: person, text: delegateIneligible(delegate) });
    }
    return publishHome(person, client, dependencies);
  };
}
