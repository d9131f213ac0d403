// The supported Web API methods, each with its closed list of arguments.
// `web-api.ts` calls them after it has checked the token and read the arguments.
import type { Answered, Arguments, Refused } from './arguments.ts';
import { deleteMessage, getPermalink, postEphemeral, postMessage, updateMessage } from './chat-methods.ts';
import { history, replies } from './history-methods.ts';
import { announceFile, shareFiles } from './file-methods.ts';
import type { Installation } from '../store/installation.ts';
import { listConversations, listGroup, openConversation, userInfo } from './people-methods.ts';
import { app, team } from '../store/people.ts';
import { openView, publishHome, updateView } from './view-methods.ts';

export interface Method {
  /** The scope that the app needs. Undefined if it needs none. */
  readonly scope?: string;
  readonly allowed: readonly (keyof Arguments)[];
  readonly required: readonly (keyof Arguments)[];
  readonly call: (installation: Installation, sent: Arguments) => Answered | Refused;
}

export const methods: Readonly<Record<string, Method>> = {
  'auth.test': { allowed: [], required: [], call: testAuth },
  // https://docs.slack.dev/reference/methods/blocks.validate. It needs no scope. Of its arguments, `blocks` alone is here.
  'blocks.validate': { allowed: ['blocks'], required: ['blocks'], call: () => ({ ok: true }) },
  'chat.postMessage': {
    scope: 'chat:write',
    allowed: [
      'channel',
      'text',
      'blocks',
      'thread_ts',
      'reply_broadcast',
      'metadata',
      'unfurl_links',
      'unfurl_media',
    ],
    required: ['channel'],
    call: postMessage,
  },
  'chat.update': {
    scope: 'chat:write',
    allowed: ['channel', 'ts', 'text', 'blocks', 'metadata'],
    required: ['channel', 'ts'],
    call: updateMessage,
  },
  'chat.delete': {
    scope: 'chat:write',
    allowed: ['channel', 'ts'],
    required: ['channel', 'ts'],
    call: deleteMessage,
  },
  'chat.postEphemeral': {
    scope: 'chat:write',
    allowed: ['channel', 'user', 'text', 'blocks', 'thread_ts'],
    required: ['channel', 'user'],
    call: postEphemeral,
  },
  'chat.getPermalink': {
    allowed: ['channel', 'message_ts'],
    required: ['channel', 'message_ts'],
    call: getPermalink,
  },
  'conversations.history': {
    scope: 'channels:history',
    allowed: ['channel', 'oldest', 'include_all_metadata', 'limit', 'cursor'],
    required: ['channel'],
    call: history,
  },
  'conversations.replies': {
    scope: 'channels:history',
    allowed: ['channel', 'ts', 'oldest', 'include_all_metadata', 'limit', 'cursor'],
    required: ['channel', 'ts'],
    call: replies,
  },
  'conversations.open': {
    scope: 'im:write',
    allowed: ['users'],
    required: [],
    call: openConversation,
  },
  'files.getUploadURLExternal': {
    scope: 'files:write',
    allowed: ['filename', 'length'],
    required: ['filename', 'length'],
    call: announceFile,
  },
  'files.completeUploadExternal': {
    scope: 'files:write',
    allowed: ['files', 'channel_id', 'initial_comment', 'thread_ts'],
    required: ['files'],
    call: shareFiles,
  },
  'usergroups.users.list': {
    scope: 'usergroups:read',
    allowed: ['usergroup'],
    required: ['usergroup'],
    call: listGroup,
  },
  'users.conversations': {
    scope: 'channels:read',
    allowed: ['user', 'types', 'limit', 'cursor'],
    required: ['user'],
    call: listConversations,
  },
  'users.info': { scope: 'users:read', allowed: ['user'], required: ['user'], call: userInfo },
  'views.open': { allowed: ['trigger_id', 'view'], required: ['trigger_id', 'view'], call: openView },
  'views.publish': {
    allowed: ['user_id', 'hash', 'view'],
    required: ['user_id', 'view'],
    call: publishHome,
  },
  'views.update': { allowed: ['view_id', 'hash', 'view'], required: ['view_id', 'view'], call: updateView },
};

// https://docs.slack.dev/reference/methods/auth.test. The page says that `enterprise_id` is there in an organization. The
// other fields of an organization-wide token are assumed.
function testAuth({ manifest, url, organization: { part } }: Installation): Answered {
  const organization = { id: 'E0LOCAL', name: 'Local Org' };
  const installedIn = part === 'whole' ? organization : team;
  return {
    ok: true,
    url: `${url}/`,
    team: installedIn.name,
    user: manifest.botName,
    team_id: installedIn.id,
    user_id: app.botUser,
    bot_id: app.bot,
    ...(part && { enterprise_id: organization.id }),
    is_enterprise_install: part === 'whole',
  };
}
