// The Web API methods that announce a file and, after its bytes are uploaded, share it in a conversation.
// Called through the table in `methods.ts`.
import { refusalOfAccess } from './access.ts';
import { refused } from './arguments.ts';
import type { Answered, Arguments, Refused } from './arguments.ts';
import { refusalOfThread } from './chat-methods.ts';
import { conversationOf } from '../store/conversations.ts';
import type { FileInfo } from '../store/files.ts';
import type { Installation } from '../store/installation.ts';

// https://docs.slack.dev/reference/methods/files.getUploadURLExternal
export function announceFile(
  { files, url }: Installation,
  { filename = '', length = 0 }: Arguments,
): Answered | Refused {
  if (length === 0) return refused('missing_argument');
  const { id, ticket } = files.announce(filename, length);
  return { ok: true, upload_url: `${url}/upload/v1/${ticket}`, file_id: id };
}

// https://docs.slack.dev/reference/methods/files.completeUploadExternal
export function shareFiles(installation: Installation, sent: Arguments): Answered | Refused {
  const infos = (sent.files ?? []).map(({ id, title }) => infoOf(installation, id, title));
  const ready = infos.filter((each) => each !== undefined);
  if (ready.length < infos.length) return refused('file_not_found');
  const refusal = sent.channel_id === undefined ? undefined : share(installation, sent, ready);
  if (refusal) return refusal;
  for (const { id, name, size } of ready) {
    const { content } = installation.files.find(id) ?? {};
    installation.files.keep({ id, name, size, ...(content && { content }), shared: true });
  }
  return { ok: true, files: ready.map(({ id, title }) => ({ id, title })) };
}

/** Undefined if the file does not exist, its bytes are not uploaded, or it is already shared. */
function infoOf({ files }: Installation, id: string, title: string | undefined): FileInfo | undefined {
  const file = files.find(id);
  if (!file?.content || file.shared) return undefined;
  const { name, size } = file;
  return { id, name, title: title ?? name, size };
}

/** Slack accepts no person's id in `channel_id`: https://github.com/slackapi/bolt-js/issues/2115 */
const channelId = /^[CGDZ][A-Z0-9]{8,}$/;

function share(
  installation: Installation,
  { channel_id = '', initial_comment = '', thread_ts }: Arguments,
  files: readonly FileInfo[],
): Refused | undefined {
  if (!channelId.test(channel_id))
    return refused('invalid_arguments', [
      `input must match regex pattern: ${channelId.source} [json-pointer:/channel_id]`,
    ]);
  const conversation = conversationOf(installation, channel_id);
  if (!conversation) return refused('channel_not_found');
  const refusal =
    refusalOfAccess(installation, conversation, 'post') ??
    refusalOfThread(installation, conversation, thread_ts);
  if (refusal) return refusal;
  installation.workspace.add({
    bot: installation.manifest.botName,
    channel: conversation.id,
    text: initial_comment,
    files,
    ...(thread_ts &&
      !installation.workspace.wasDeleted(thread_ts, conversation.id) && { threadTs: thread_ts }),
  });
  return undefined;
}
