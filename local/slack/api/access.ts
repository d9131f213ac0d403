// Says which calls Slack refuses in a conversation because of the conversation's state: an archived channel, a channel
// from which the app was removed, a person to whom the app cannot write. The methods of the Web API call it.
import { refused } from './arguments.ts';
import type { Refused } from './arguments.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Installation } from '../store/installation.ts';
import type { Workspace } from '../store/state.ts';

/** What a call does: `read` reads the messages, `link` looks up a permalink. */
export type Access = 'post' | 'update' | 'read' | 'link';

/** Slack's errors in a public channel of which the app is no member, by what a call does. */
const NOT_A_MEMBER: Readonly<Partial<Record<Access, string>>> = {
  // https://docs.slack.dev/reference/methods/chat.postMessage#errors
  post: 'not_in_channel',
  // https://docs.slack.dev/reference/methods/conversations.history#errors
  read: 'not_in_channel',
  // https://docs.slack.dev/reference/methods/chat.update#errors does not list `not_in_channel` (assumed)
  update: 'channel_not_found',
};

const ARCHIVED: Readonly<Partial<Record<Access, string>>> = {
  post: 'is_archived',
  // "The message cannot be edited within a frozen, archived or deleted channel":
  // https://docs.slack.dev/reference/methods/chat.update#errors
  update: 'is_inactive',
};

/** Returns why the conversation does not accept the call. Undefined if it accepts the call. */
export function refusalOfAccess(
  { workspace }: Installation,
  { id, person }: Conversation,
  access: Access,
): Refused | undefined {
  const error =
    person === undefined
      ? channelError(workspace, id, access)
      : directMessageError(workspace, person, access);
  return error === undefined ? undefined : refused(error);
}

function channelError(workspace: Workspace, channel: string, access: Access): string | undefined {
  const removedFrom = workspace.appRemoved(channel);
  // A private channel does not exist for those who are not in it.
  if (removedFrom === 'private') return 'channel_not_found';
  if (removedFrom === 'public') return NOT_A_MEMBER[access];
  return workspace.isArchived(channel) ? ARCHIVED[access] : undefined;
}

function directMessageError(workspace: Workspace, person: string, access: Access): string | undefined {
  return access === 'post' ? workspace.directMessageError(person) : undefined;
}
