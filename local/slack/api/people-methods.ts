// The Web API methods about people: user information, members of a user group, opening direct messages.
// Called through the table in `methods.ts`.
import { refused } from './arguments.ts';
import type { Answered, Arguments, Refused } from './arguments.ts';
import { directMessagesWith } from '../store/conversations.ts';
import type { Installation } from '../store/installation.ts';
import { emailOf, everyone, team, userNameOf } from '../store/people.ts';
import type { Person } from '../store/people.ts';

/** Without it, users.info leaves `profile.email` out: https://docs.slack.dev/reference/scopes/users.read.email */
const EMAIL_SCOPE = 'users:read.email';

// https://docs.slack.dev/reference/methods/users.info
export function userInfo({ manifest, workspace }: Installation, { user }: Arguments): Answered | Refused {
  const person = everyone.find((each) => each.id === user);
  if (!person) return refused('user_not_found');
  if (person.hidden) return refused('user_not_visible');
  const deleted = person.deleted || workspace.isDeactivated(person.id);
  const email = manifest.scopes.includes(EMAIL_SCOPE) ? emailOf(person) : undefined;
  const tz = workspace.timeZone(person.id);
  return { ok: true, user: { ...fullUserObject(person, email, deleted), tz } };
}

// https://docs.slack.dev/reference/objects/user-object
function fullUserObject(person: Person, email: string | undefined, deleted = false): object {
  const { id, name, bot = false, guest, invited = false } = person;
  return {
    id,
    team_id: person.team.id,
    name: userNameOf(person),
    real_name: name,
    deleted,
    is_bot: bot,
    is_restricted: guest !== undefined,
    is_ultra_restricted: guest === 'single-channel',
    ...(invited && { is_invited_user: true }),
    // A stranger is a person of another workspace who shares no channel with the app. Here everybody shares one.
    ...(person.team.id !== team.id && { is_stranger: false }),
    profile: { real_name: name, display_name: name, team: person.team.id, ...(email && { email }) },
  };
}

// https://docs.slack.dev/reference/methods/users.conversations
export function listConversations(
  { channels, workspace }: Installation,
  { user }: Arguments,
): Answered | Refused {
  const person = everyone.find((each) => each.id === user);
  if (!person) return refused('user_not_found');
  // An app sees the members of a public channel without being in it (assumed).
  const shown = channels.filter(
    ({ id }) => workspace.appRemoved(id) !== 'private' && workspace.isMember(person.id, id),
  );
  return { ok: true, channels: shown.map(({ id, name }) => ({ id, name })) };
}

// https://docs.slack.dev/reference/methods/usergroups.users.list
export function listGroup({ workspace }: Installation, { usergroup = '' }: Arguments): Answered | Refused {
  const groups = workspace.groups();
  if (!Object.hasOwn(groups, usergroup)) return refused('no_such_subteam');
  return { ok: true, users: groups[usergroup] };
}

// https://docs.slack.dev/reference/methods/conversations.open
export function openConversation({ workspace }: Installation, { users }: Arguments): Answered | Refused {
  if (!users) return refused('users_list_not_supplied');
  const person = everyone.find((each) => each.id === users);
  if (!person) return refused('user_not_found');
  if (person.deleted || workspace.isDeactivated(person.id)) return refused('user_disabled');
  const error = workspace.directMessageError(person.id);
  if (error) return refused(error);
  const conversation = directMessagesWith(person.id);
  // https://github.com/HubSpot/slack-client/pull/90
  return conversation ? { ok: true, channel: { id: conversation.id } } : refused('cannot_dm_bot');
}
