// Opens one tab of the App Home for a person, and sends the app an `app_home_opened` event.
// Called by `user-actions.ts`, for the page and for tests.
import { directMessagesWith } from '../store/conversations.ts';
import type { Installation } from '../store/installation.ts';
import type { Person } from '../store/people.ts';
import { sendEvent } from './send-event.ts';
import type { Answer } from '../store/last-request.ts';
import { viewObject } from '../blocks/view.ts';

export type Tab = 'home' | 'messages';

// https://docs.slack.dev/reference/events/app_home_opened
export async function openAppHome(installation: Installation, person: Person, tab: Tab): Promise<Answer> {
  const { workspace, manifest } = installation;
  if (tab === 'home' && !manifest.homeTab)
    throw new Error(
      'The app has no Home tab: its manifest does not enable features.app_home.home_tab_enabled',
    );
  const conversation = directMessagesWith(person.id);
  if (!conversation) throw new Error(`${person.name} has nothing to do with the app's Home`);
  const home = workspace.home(person.id);
  return sendEvent(installation, person, {
    type: 'app_home_opened',
    user: person.id,
    channel: conversation.id,
    tab,
    event_ts: workspace.nextTs(),
    ...(tab === 'home' && home && { view: viewObject(home) }),
  });
}
