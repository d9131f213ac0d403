// The Web API methods about people: user information, members of a user group, opening direct messages.
// Called through the table in `methods.ts`.
import { refused } from './arguments.ts';
import type { Answered, Arguments, Refused } from './arguments.ts';
import { directMessagesWith } from '../store/conversations.ts';
import type { Installation } from '../store/installation.ts';
import { everyone, team, userNameOf } from '../store/people.ts';
import type { Person } from '../store/people.ts';

// https://docs.slack.dev/reference/methods/users.info
export function userInfo(_installation: Installation, { user }: Arguments): Answered | Refused {
  const person = everyone.find((each) => each.id === user);
  return person ? { ok: true, user: fullUserObject(person) } : refused('user_not_found');
}

// https://docs.slack.dev/reference/objects/user-object
function fullUserObject(person: Person): object {
  const { id, name, deleted = false, bot = false } = person;
  return {
    id,
    team_id: person.team.id,
    name: userNameOf(person),
    real_name: name,
    deleted,
    is_bot: bot,
    is_restricted: false,
    is_ultra_restricted: false,
    // A stranger is a person of another workspace who shares no channel with the app. Here everybody shares one.
    ...(person.team.id !== team.id && { is_stranger: false }),
    profile: { real_name: name, display_name: name, team: person.team.id },
  };
}

// https://docs.slack.dev/reference/methods/usergroups.users.list
export function listGroup({ workspace }: Installation, { usergroup = '' }: Arguments): Answered | Refused {
  const groups = workspace.groups();
  if (!Object.hasOwn(groups, usergroup)) return refused('no_such_subteam');
  return { ok: true, users: groups[usergroup] };
}

// https://docs.slack.dev/reference/methods/conversations.open
export function openConversation(_installation: Installation, { users }: Arguments): Answered | Refused {
  if (!users) return refused('users_list_not_supplied');
  const person = everyone.find((each) => each.id === users);
  if (!person) return refused('user_not_found');
  if (person.deleted) return refused('user_disabled');
  const conversation = directMessagesWith(person.id);
  // https://github.com/HubSpot/slack-client/pull/90
  return conversation ? { ok: true, channel: { id: conversation.id } } : refused('cannot_dm_bot');
}
