// The Web API methods this Slack has, each with its closed list of arguments and the errors Slack documents for it.
// Called by `web-api.ts` once the token is known to be right and the arguments have been read.
import { contentOf, refusalOfContent } from './app-message.ts';
import { refused } from './arguments.ts';
import type { Answered, Arguments, Refused } from './arguments.ts';
import type { Installation } from './installation.ts';
import { limits } from './limits.ts';
import { messageObject } from './message-object.ts';
import { app, people, team } from './people.ts';
import type { Message } from './state.ts';
import { openView, updateView } from './view-methods.ts';

export interface Method {
  /** What the app must have been granted, if anything. */
  readonly scope?: string;
  readonly allowed: readonly (keyof Arguments)[];
  readonly required: readonly (keyof Arguments)[];
  readonly call: (installation: Installation, sent: Arguments) => Answered | Refused;
}

export const methods: Readonly<Record<string, Method>> = {
  'auth.test': { allowed: [], required: [], call: testAuth },
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
  'views.open': { allowed: ['trigger_id', 'view'], required: ['trigger_id', 'view'], call: openView },
  'views.update': { allowed: ['view_id', 'hash', 'view'], required: ['view_id', 'view'], call: updateView },
};

// https://docs.slack.dev/reference/methods/auth.test
function testAuth({ manifest, url }: Installation): Answered {
  return {
    ok: true,
    url: `${url}/`,
    team: team.name,
    user: manifest.botName,
    team_id: team.id,
    user_id: app.botUser,
    bot_id: app.bot,
    is_enterprise_install: false,
  };
}

// https://docs.slack.dev/reference/methods/chat.postMessage
function postMessage(installation: Installation, sent: Arguments): Answered | Refused {
  const { workspace, manifest, channel } = installation;
  const refusal = refusalOf(installation, sent, limits.text);
  if (refusal) return refusal;
  const { thread_ts, reply_broadcast, metadata } = sent;
  const message = workspace.add({
    bot: manifest.botName,
    ...contentOf(sent),
    ...(thread_ts && { threadTs: thread_ts }),
    ...(thread_ts && reply_broadcast && { broadcast: true }),
    ...(metadata && { metadata }),
  });
  return {
    ok: true,
    channel: channel.id,
    ts: message.ts,
    message: messageObject(message, manifest.botName),
  };
}

// https://docs.slack.dev/reference/methods/chat.postEphemeral
function postEphemeral(installation: Installation, sent: Arguments): Answered | Refused {
  const refusal = refusalOf(installation, sent, limits.text);
  if (refusal) return refusal;
  const { user = '', thread_ts } = sent;
  if (!people.some((each) => each.id === user)) return refused('user_not_in_channel');
  const { ts } = installation.workspace.add({
    bot: installation.manifest.botName,
    onlyFor: user,
    ...contentOf(sent),
    ...(thread_ts && { threadTs: thread_ts }),
  });
  return { ok: true, message_ts: ts };
}

// https://docs.slack.dev/reference/methods/chat.update
function updateMessage(installation: Installation, sent: Arguments): Answered | Refused {
  const { workspace, manifest, channel } = installation;
  const { ts = '', text, blocks, metadata } = sent;
  const current = workspace.find(ts);
  const refusal = refusalOf(installation, { ...sent, text: text ?? current?.text ?? '' }, limits.updatedText);
  if (refusal) return refusal;
  if (text === undefined && blocks === undefined && metadata === undefined) return refused('no_text');
  // An ephemeral message cannot be updated: chat.postEphemeral returns no ts one could name.
  if (!current || current.onlyFor) return refused('message_not_found');
  if (current.bot !== manifest.botName) return refused('cant_update_message');
  const message = updated(current, sent, workspace.nextTs());
  workspace.replace(message);
  return {
    ok: true,
    channel: channel.id,
    ts,
    text: message.text,
    message: messageObject(message, manifest.botName),
  };
}

// https://docs.slack.dev/reference/methods/chat.getPermalink
function getPermalink({ workspace, url, channel }: Installation, sent: Arguments): Answered | Refused {
  if (sent.channel !== channel.id) return refused('channel_not_found');
  const message = workspace.find(sent.message_ts ?? '');
  if (!message || message.onlyFor) return refused('message_not_found');
  const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : '';
  const permalink = `${url}/archives/${channel.id}/p${message.ts.replace('.', '')}${thread}`;
  return { ok: true, channel: channel.id, permalink };
}

function updated(current: Message, sent: Arguments, now: string): Message {
  const { blocks: currentBlocks, metadata: currentMetadata, ...rest } = current;
  const metadata = sent.metadata === undefined ? currentMetadata : sent.metadata;
  // Without blocks a new text takes the place of the old ones, and only such an update is marked as edited.
  const textAlone = sent.text !== undefined && !sent.blocks?.length;
  const blocks = sent.blocks ? contentOf(sent).blocks : textAlone ? undefined : currentBlocks;
  return {
    ...rest,
    text: sent.text ?? current.text,
    ...(blocks && { blocks }),
    ...(metadata && { metadata }),
    ...(textAlone && { edited: now }),
  };
}

function refusalOf(installation: Installation, sent: Arguments, longest: number): Refused | undefined {
  const { thread_ts, channel } = sent;
  if (channel !== installation.channel.id) return refused('channel_not_found');
  const refusal = refusalOfContent(sent, longest);
  if (refusal || thread_ts === undefined) return refusal;
  const parent = installation.workspace.find(thread_ts);
  if (!parent) return refused('thread_not_found');
  return parent.threadTs || parent.onlyFor ? refused('cannot_reply_to_message') : undefined;
}
