// Publishes the app's Home for one person. Listeners call it when the person opens Home, and after the person votes or
// changes settings there.
import type { WebClient } from '@slack/web-api';
import type { Approvals } from '../aws/approvals-table.ts';
import type { PreferencesTable } from '../aws/preferences-table.ts';
import type { ChannelsOf } from '../slack/channel-membership.ts';
import type { Command } from '../slack/views/command.ts';
import { homeView } from '../slack/views/home-view.ts';
import { visiblePending, visibleTo } from './visible-approvals.ts';

export interface HomeDependencies {
  readonly command: Command;
  readonly approvals: Approvals;
  readonly channelsOf: ChannelsOf;
  readonly people: PreferencesTable;
  readonly now: () => Date;
}

/** Home may have at most 100 blocks: https://docs.slack.dev/reference/views/home-tab-views */
const MAX_PENDING = 25;
const MAX_DECIDED = 10;

/** Decisions that are read to find those that the person may see. */
const MAX_DECIDED_READ = 30;

export async function publishHome(
  person: string,
  slack: WebClient,
  dependencies: HomeDependencies,
): Promise<void> {
  const { command, approvals, people, now } = dependencies;
  const month = now().toISOString().slice(0, 7);
  const [preferences, { approvals: pending, next }, decided] = await Promise.all([
    people.preferences(person, now()),
    visiblePending(person, { limit: MAX_PENDING }, slack, dependencies),
    approvals.decided(month, MAX_DECIDED_READ),
  ]);
  const shown = (await visibleTo(person, decided, slack, dependencies)).slice(0, MAX_DECIDED);
  const view = homeView({ command, person, preferences, pending, more: next !== undefined, decided: shown });
  await slack.views.publish({ user_id: person, view });
}
