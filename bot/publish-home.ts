// Publishes the app's Home for one person. Listeners call it when the person opens Home, and after the person votes or
// changes settings there.
import type { WebClient } from '@slack/web-api';
import type { Approvals } from '../aws/approvals-table.ts';
import type { Approval } from '../domain/approval.ts';
import type { PreferencesTable } from '../aws/preferences-table.ts';
import type { ChannelsOf } from '../slack/channel-membership.ts';
import type { Command } from '../slack/views/command.ts';
import { withPermalinks } from '../slack/messages/permalink.ts';
import { homeView } from '../slack/views/home-view.ts';
import { visiblePending, visibleTo } from './visible-approvals.ts';

export interface HomeDependencies {
  readonly command: Command;
  readonly approvals: Approvals;
  readonly channelsOf: ChannelsOf;
  readonly people: PreferencesTable;
  readonly now: () => Date;
}

/** Pending approvals that are read to find those that wait for the person. */
const MAX_PENDING_READ = 100;
const MAX_DECIDED = 10;

/** Decisions that are read to find those that the person may see. */
const MAX_DECIDED_READ = 30;

/** The latest decisions, newest first: of this month, and of the last one if there are few yet. */
async function lastDecided(approvals: Pick<Approvals, 'decided'>, now: Date): Promise<readonly Approval[]> {
  const decided = await approvals.decided(monthOf(now), MAX_DECIDED_READ);
  if (decided.length >= MAX_DECIDED) return decided;
  // The day before the first of this month.
  const lastMonth = monthOf(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 0)));
  return [...decided, ...(await approvals.decided(lastMonth, MAX_DECIDED_READ - decided.length))];
}

function monthOf(time: Date): string {
  return time.toISOString().slice(0, 7);
}

export async function publishHome(
  person: string,
  slack: WebClient,
  dependencies: HomeDependencies,
): Promise<void> {
  const { command, approvals, people, now } = dependencies;
  const [preferences, { approvals: pending, next }, decided] = await Promise.all([
    people.preferences(person, now()),
    visiblePending(person, { limit: MAX_PENDING_READ }, slack, dependencies),
    lastDecided(approvals, now()),
  ]);
  const shown = (await visibleTo(person, decided, slack, dependencies)).slice(0, MAX_DECIDED);
  const links = await withPermalinks([...pending, ...shown], slack);
  const permalinks = new Map(
    links.flatMap(({ approval, permalink }) => (permalink ? [[approval.id, permalink]] : [])),
  );
  const view = homeView({
    command,
    person,
    preferences,
    pending,
    more: next !== undefined,
    decided: shown,
    permalinks,
    now: now(),
  });
  await slack.views.publish({ user_id: person, view });
}
