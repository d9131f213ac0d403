// The Web API methods that write and change messages, in channels and in direct messages.
// Called through the table in `methods.ts`.
import { type Access, refusalOfAccess } from './access.ts';
import { LONGEST_TEXT, contentOf, refusalOfContent } from './app-message.ts';
import { refused } from './arguments.ts';
import type { Answered, Arguments, Refused } from './arguments.ts';
import { conversationOf, directMessagesWith, isIn } from '../store/conversations.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Installation } from '../store/installation.ts';
import { messageObject } from './message-object.ts';
import type { Message } from '../store/message.ts';

// https://docs.slack.dev/reference/methods/chat.postMessage
export function postMessage(installation: Installation, sent: Arguments): Answered | Refused {
  const { workspace, manifest } = installation;
  const conversation = conversationOf(installation, sent.channel) ?? directMessagesWith(sent.channel);
  if (!conversation) return refused('channel_not_found');
  const refusal = refusalOf(installation, conversation, sent, 'post', LONGEST_TEXT);
  if (refusal) return refusal;
  const { reply_broadcast, metadata } = sent;
  // Slack posts a reply to a deleted message outside the thread, without an error:
  // https://github.com/slack-go/slack/issues/1571
  const thread_ts = workspace.wasDeleted(sent.thread_ts ?? '', conversation.id) ? undefined : sent.thread_ts;
  const message = workspace.add({
    bot: manifest.botName,
    channel: conversation.id,
    ...contentOf(sent),
    ...(thread_ts && { threadTs: thread_ts }),
    ...(thread_ts && reply_broadcast && { broadcast: true }),
    ...(metadata && { metadata }),
  });
  return {
    ok: true,
    channel: conversation.id,
    ts: message.ts,
    message: messageObject(message, manifest.botName),
  };
}

// https://docs.slack.dev/reference/methods/chat.postEphemeral
export function postEphemeral(installation: Installation, sent: Arguments): Answered | Refused {
  const conversation = conversationOf(installation, sent.channel);
  if (!conversation) return refused('channel_not_found');
  const refusal = refusalOf(installation, conversation, sent, 'post', LONGEST_TEXT);
  if (refusal) return refusal;
  const { user = '', thread_ts } = sent;
  const { id, person } = conversation;
  const isThere = person === undefined ? installation.workspace.isMember(user, id) : person === user;
  if (!isThere) return refused('user_not_in_channel');
  const { ts } = installation.workspace.add({
    bot: installation.manifest.botName,
    onlyFor: user,
    channel: conversation.id,
    ...contentOf(sent),
    ...(thread_ts && { threadTs: thread_ts }),
  });
  return { ok: true, message_ts: ts };
}

// https://docs.slack.dev/reference/methods/chat.update
export function updateMessage(installation: Installation, sent: Arguments): Answered | Refused {
  const { workspace, manifest } = installation;
  const { ts = '', text, blocks, metadata } = sent;
  const conversation = conversationOf(installation, sent.channel);
  if (!conversation) return refused('channel_not_found');
  const current = workspace.find(ts);
  const asPosted = { ...sent, text: text ?? current?.text ?? '' };
  // The limit for the text of an update is a tenth of the limit for a new message.
  const refusal = refusalOf(installation, conversation, asPosted, 'update', LONGEST_TEXT / 10);
  if (refusal) return refusal;
  if (text === undefined && blocks === undefined && metadata === undefined) return refused('no_text');
  // chat.update cannot change an ephemeral message.
  if (!isIn(current, conversation) || current.onlyFor) return refused('message_not_found');
  if (current.bot !== manifest.botName) return refused('cant_update_message');
  const message = updated(current, sent, workspace.nextTs());
  workspace.replace(message);
  return {
    ok: true,
    channel: conversation.id,
    ts,
    text: message.text,
    message: messageObject(message, manifest.botName),
  };
}

// https://docs.slack.dev/reference/methods/chat.delete. Assumed: access is refused as for an update.
export function deleteMessage(installation: Installation, sent: Arguments): Answered | Refused {
  const { workspace, manifest } = installation;
  const { ts = '' } = sent;
  const conversation = conversationOf(installation, sent.channel);
  if (!conversation) return refused('channel_not_found');
  const refusal = refusalOfAccess(installation, conversation, 'update');
  if (refusal) return refusal;
  const message = workspace.find(ts);
  if (!isIn(message, conversation) || message.onlyFor) return refused('message_not_found');
  if (message.bot !== manifest.botName) return refused('cant_delete_message');
  workspace.delete(ts);
  return { ok: true, channel: conversation.id, ts };
}

// https://docs.slack.dev/reference/methods/chat.getPermalink
export function getPermalink(installation: Installation, sent: Arguments): Answered | Refused {
  const { workspace, url } = installation;
  const conversation = conversationOf(installation, sent.channel);
  if (!conversation) return refused('channel_not_found');
  const refusal = refusalOfAccess(installation, conversation, 'link');
  if (refusal) return refusal;
  const message = workspace.find(sent.message_ts ?? '');
  if (!isIn(message, conversation) || message.onlyFor) return refused('message_not_found');
  const { id } = conversation;
  const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${id}` : '';
  const permalink = `${url}/archives/${id}/p${message.ts.replace('.', '')}${thread}`;
  return { ok: true, channel: id, permalink };
}

function updated(current: Message, sent: Arguments, now: string): Message {
  const { blocks: currentBlocks, metadata: currentMetadata, ...rest } = current;
  const metadata = sent.metadata === undefined ? currentMetadata : sent.metadata;
  // A text without blocks removes the old blocks. Slack marks only an update of this kind as edited.
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

function refusalOf(
  installation: Installation,
  conversation: Conversation,
  sent: Arguments,
  access: Access,
  longest: number,
): Refused | undefined {
  return (
    refusalOfAccess(installation, conversation, access) ??
    refusalOfContent(sent, longest) ??
    refusalOfThread(installation, conversation, sent.thread_ts)
  );
}

/** Returns why the message with this `ts` accepts no replies in this conversation. Undefined if it accepts them. */
export function refusalOfThread(
  { workspace }: Installation,
  conversation: Conversation,
  ts: string | undefined,
): Refused | undefined {
  if (ts === undefined || workspace.wasDeleted(ts, conversation.id)) return undefined;
  const parent = workspace.find(ts);
  if (!isIn(parent, conversation)) return refused('thread_not_found');
  return parent.threadTs || parent.onlyFor ? refused('cannot_reply_to_message') : undefined;
}
