// Who is who in the local workspace: its people, its own Slackbot, the team and the ids of the installed app.
// Read by whatever writes a name or an id into a request, and by the page's picker.

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

export const people: readonly Person[] = [
  { id: 'U0ANA', name: 'Ana', role: 'trader' },
  { id: 'U0BEN', name: 'Ben', role: 'approver' },
  { id: 'U0CHLOE', name: 'Chloe', role: 'approver' },
];

export const team = { id: 'T0LOCAL', domain: 'local', name: 'Local' } as const;
export const app = { id: 'A0LOCAL', botUser: 'U0BOT', bot: 'B0BOT' } as const;
export const slackbot = 'Slackbot';

export function personOf(id: string): Person {
  const person = people.find((each) => each.id === id);
  if (!person) throw new Error(`Nobody here has the id ${id}`);
  return person;
}

/** The name Slack sends as `user_name`. */
export const userNameOf = (person: Person): string => person.name.toLowerCase();
