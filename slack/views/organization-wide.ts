// What people read if the app is installed for a whole organization. `bot/refuse-organizations.ts` sends it.
import type { HomeView } from '@slack/types';

export const organizationWide =
  'This app is installed for a whole organization (Enterprise Grid), which it does not support. Ask your operator to install it in one workspace.';

export const organizationWideHome: HomeView = {
  type: 'home',
  blocks: [{ type: 'section', text: { type: 'plain_text', text: organizationWide } }],
};
