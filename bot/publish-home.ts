// Publishes the app's Home for one person, as things stand. The listener of opening it calls it, and whoever acts from
// there, so that they see it anew at once.
import type { WebClient } from '@slack/web-api';
import type { Approvals } from '../aws/approvals-table.ts';
import type { PreferencesTable } from '../aws/preferences-table.ts';
import type { Command } from '../slack/views/command.ts';
import { homeView } from '../slack/views/home-view.ts';

export interface HomeDependencies {
  readonly command: Command;
  readonly approvals: Approvals;
  readonly people: PreferencesTable;
  readonly now: () => Date;
}

/** A view holds 100 blocks: https://docs.slack.dev/reference/views/home-tab-views */
const MOST_PENDING = 25;
const MOST_DECIDED = 10;

export async function publishHome(
  person: string,
  slack: WebClient,
  { command, approvals, people, now }: HomeDependencies,
): Promise<void> {
  const month = now().toISOString().slice(0, 7);
  const [preferences, { approvals: pending, next }, decided] = await Promise.all([
    people.preferences(person, now()),
    approvals.pending(MOST_PENDING),
    approvals.decided(month, MOST_DECIDED),
  ]);
  const view = homeView({ command, person, preferences, pending, more: next !== undefined, decided });
  await slack.views.publish({ user_id: person, view });
}
