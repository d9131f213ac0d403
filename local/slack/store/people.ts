// Who is who in the local workspace: its people, its own Slackbot, the team and the ids of the installed app.
// Read by whatever writes a name or an id into a request, and by the page's picker.

interface Team {
  readonly id: string;
  readonly domain: string;
  readonly name: string;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  /** Another than the workspace's own: they share the channel by Slack Connect. */
  readonly team: Team;
  /** Deactivated; a session of theirs may outlive them, so they can still be made to act by call. */
  readonly deleted?: true;
  readonly bot?: true;
}

export const team: Team = { id: 'T0LOCAL', domain: 'local', name: 'Local' };
const otherTeam: Team = { id: 'T0OTHER', domain: 'other', name: 'Other Ltd' };
export const app = { id: 'A0LOCAL', botUser: 'U0BOT', bot: 'B0BOT' } as const;
export const slackbot = 'Slackbot';

export const everyone: readonly Person[] = [
  { id: 'U0ANA', name: 'Ana', role: 'requester', team },
  { id: 'U0BEN', name: 'Ben', role: 'approver', team },
  { id: 'U0CHLOE', name: 'Chloe', role: 'approver', team },
  { id: 'U0DANA', name: 'Dana', role: 'approver, risk', team },
  { id: 'U0EVE', name: 'Eve', role: 'guest of Other Ltd', team: otherTeam },
  { id: 'U0FRED', name: 'Fred', role: 'deactivated', team, deleted: true },
  { id: 'U0ROBO', name: 'Robo', role: 'bot', team, bot: true },
];

/** Those who are in the channel and can sit at the page. */
export const people = everyone.filter(({ deleted, bot }) => !deleted && !bot);

/** Whom a picker of people offers; bots too, as reported: https://github.com/slackapi/bolt-js/issues/1981 */
export const pickable = everyone.filter(({ deleted }) => !deleted);

/** The user groups at first, by id: who is in them. */
export const firstGroups: Readonly<Record<string, readonly string[]>> = {
  S0RISK: ['U0BEN', 'U0CHLOE', 'U0DANA'],
};

/** S0RISK is @risk. */
export const handleOf = (group: string): string => group.slice(2).toLowerCase();

export function personOf(id: string): Person {
  const person = everyone.find((each) => each.id === id);
  if (!person) throw new Error(`Nobody here has the id ${id}`);
  return person;
}

/** The name Slack sends as `user_name`. */
export const userNameOf = (person: Person): string => person.name.toLowerCase();

/** Who did it, in an interaction: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function userObject(person: Person): object {
  const name = userNameOf(person);
  return { id: person.id, username: name, name, team_id: person.team.id };
}
