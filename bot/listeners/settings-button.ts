// A press of *Change* in Home: opens a modal with the settings of the person.
import type { HomeDependencies } from '../publish-home.ts';
import { settingsModal } from '../../slack/views/settings-modal.ts';
import type { ButtonListener } from './listener.ts';

export function settingsButton({ people, now }: HomeDependencies): ButtonListener {
  return async ({ body, ack, client }) => {
    const preferences = await people.preferences(body.user.id, now());
    await client.views.open({ trigger_id: body.trigger_id, view: settingsModal(preferences) });
    return ack();
  };
}
