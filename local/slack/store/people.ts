// The people of the workspace, its own Slackbot, the team, and the ids of the installed app.
// Used for every name and id in a request, and by the page's pickers.

interface Team {
  readonly id: string;
  readonly domain: string;
  readonly name: string;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  /** What the person may do in the default settings; for the people whom the page can act for. */
  readonly may?: string;
  /** The person's workspace; a person of another workspace shares the channels by Slack Connect. */
  readonly team: Team;
  /** Whether the account is deactivated. Tests can still act for the person. */
  readonly deleted?: true;
  readonly bot?: true;
  /** `full`: a guest of several channels. `single-channel`: a guest of the first channel only. */
  readonly guest?: 'full' | 'single-channel';
  /** Whether Slack does not show the person to the app. */
  readonly hidden?: true;
  /** Whether the person was invited and never signed in. */
  readonly invited?: true;
}

export const team: Team = { id: 'T0LOCAL', domain: 'local', name: 'Local' };
const otherTeam: Team = { id: 'T0OTHER', domain: 'other', name: 'Other Ltd' };
export const app = { id: 'A0LOCAL', botUser: 'U0BOT', bot: 'B0BOT' } as const;
export const slackbot = 'Slackbot';
const slackbotId = 'USLACKBOT';

export const everyone: readonly Person[] = [
  { id: 'U0ANA', name: 'Ana', role: 'requester', may: 'Makes requests. Nobody can approve their own.', team },
  { id: 'U0BEN', name: 'Ben', role: 'approver', may: 'May approve. In the group @risk.', team },
  { id: 'U0CHLOE', name: 'Chloe', role: 'approver', may: 'May approve. In the group @risk.', team },
  {
    id: 'U0DANA',
    name: 'Dana',
    role: 'approver, risk',
    may: 'In the group @risk: may approve large and late requests.',
    team,
  },
  {
    id: 'U0EVE',
    name: 'Eve',
    role: 'of Other Ltd',
    may: 'From another company, by Slack Connect. Sees the channel, and may not decide.',
    team: otherTeam,
  },
  { id: 'U0FRED', name: 'Fred', role: 'deactivated', team, deleted: true },
  { id: 'U0ROBO', name: 'Robo', role: 'bot', team, bot: true },
  {
    id: 'U0SAM',
    name: 'Sam',
    role: 'colleague',
    may: 'In the channel. May make requests, and may not decide.',
    team,
  },
  { id: 'U0GINA', name: 'Gina', role: 'guest', may: 'A guest. May not decide.', team, guest: 'full' },
  {
    id: 'U0HUGO',
    name: 'Hugo',
    role: 'guest of one channel',
    may: 'A guest of this channel alone. May not decide.',
    team,
    guest: 'single-channel',
  },
  { id: 'U0IDA', name: 'Ida', role: 'invited', team, invited: true },
  { id: 'U0ZED', name: 'Zed', role: 'not visible to the app', team: otherTeam, hidden: true },
  // Slack's own account. Its user object says `is_bot: false`: https://github.com/slackapi/bolt-js/issues/794
  { id: slackbotId, name: 'Slackbot', role: 'Slackbot', team },
];

/** The people whom the page can act for. They are in the channels until they leave; `channels.ts` says who is in which. */
export const people = everyone.filter(
  ({ id, deleted, bot, invited, hidden }) => !deleted && !bot && !invited && !hidden && id !== slackbotId,
);

/** The people that a user picker offers, which include bots: https://github.com/slackapi/bolt-js/issues/1981 */
export const pickable = everyone.filter(({ deleted, hidden }) => !deleted && !hidden);

/** The initial user groups: the members by the group's id. */
export const firstGroups: Readonly<Record<string, readonly string[]>> = {
  S0RISK: ['U0BEN', 'U0CHLOE', 'U0DANA'],
};

/** The id of the person's direct messages with the app. */
export const directMessagesId = (person: string): string => `D0LOCAL${person.slice(2)}`;

/** The handle of a user group, such as `risk` for S0RISK. */
export const handleOf = (group: string): string => group.slice(2).toLowerCase();

export function personOf(id: string): Person {
  const person = everyone.find((each) => each.id === id);
  if (!person) throw new Error(`Nobody here has the id ${id}`);
  return person;
}

/** Undefined for bots and Slackbot, which have no e-mail address. */
export function emailOf(person: Person): string | undefined {
  const { id, bot, team: own } = person;
  return bot || id === slackbotId ? undefined : `${userNameOf(person)}@${own.domain}.example`;
}

/** The name that Slack sends as `user_name`. */
export const userNameOf = (person: Person): string => person.name.toLowerCase();

/** The user object of an interaction: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export function userObject(person: Person): object {
  const name = userNameOf(person);
  return { id: person.id, username: name, name, team_id: person.team.id };
}
