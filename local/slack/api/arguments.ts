// What an app sends along with a call, read from a form or from JSON into its types; what is not listed is refused by name.
// Called by `web-api.ts` for each method and by `app-message.ts` for what comes without a token.
import type { Block } from '../blocks/blocks.ts';
import { inconsistencies, messageBlocks } from '../blocks/check-blocks.ts';
import { limits } from '../blocks/limits.ts';
import { isRecord, list, object, string } from '../blocks/validators.ts';
import type { Metadata } from '../store/state.ts';
import { readView } from '../blocks/view.ts';
import type { AppView } from '../blocks/view.ts';

export interface Arguments {
  readonly channel?: string;
  readonly ts?: string;
  readonly thread_ts?: string;
  readonly user?: string;
  readonly user_id?: string;
  readonly text?: string;
  readonly blocks?: readonly Block[];
  /** Null where `{}` was sent: that is how chat.update is told to remove it. */
  readonly metadata?: Metadata | null;
  readonly reply_broadcast?: boolean;
  readonly unfurl_links?: boolean;
  readonly unfurl_media?: boolean;
  readonly response_type?: string;
  readonly replace_original?: boolean;
  readonly delete_original?: boolean;
  readonly message_ts?: string;
  readonly trigger_id?: string;
  readonly view_id?: string;
  readonly hash?: string;
  readonly view?: AppView;
  readonly users?: string;
  readonly usergroup?: string;
  readonly filename?: string;
  readonly length?: number;
  readonly files?: readonly NamedFile[];
  readonly channel_id?: string;
  readonly initial_comment?: string;
  readonly oldest?: string;
  readonly include_all_metadata?: boolean;
  readonly limit?: number;
  readonly cursor?: string;
}

interface NamedFile {
  readonly id: string;
  readonly title?: string;
}

/** What a method answers. */
export interface Answered {
  readonly ok: true;
  readonly [field: string]: unknown;
}

export interface Refused {
  readonly ok: false;
  readonly error: string;
  readonly errors?: readonly string[];
  readonly needed?: string;
  readonly provided?: string;
  readonly response_metadata?: { readonly messages: readonly string[] };
}

export const refused = (error: string, complaints: readonly string[] = []): Refused => ({
  ok: false,
  error,
  ...(complaints.length > 0 && {
    errors: complaints,
    response_metadata: { messages: complaints.map((each) => `[ERROR] ${each}`) },
  }),
});

type Read = { readonly value: unknown } | Refused;

const readers: { readonly [name in keyof Required<Arguments>]: (sent: unknown, name: string) => Read } = {
  channel: readString,
  ts: readString,
  thread_ts: readString,
  user: readString,
  user_id: readString,
  text: readString,
  blocks: readBlocks,
  metadata: readMetadata,
  reply_broadcast: readBoolean,
  unfurl_links: readBoolean,
  unfurl_media: readBoolean,
  response_type: readString,
  replace_original: readBoolean,
  delete_original: readBoolean,
  message_ts: readString,
  trigger_id: readString,
  view_id: readString,
  hash: readString,
  view: readViewArgument,
  users: readString,
  usergroup: readString,
  filename: readString,
  length: readWhole,
  files: readFiles,
  channel_id: readString,
  initial_comment: readString,
  oldest: readString,
  include_all_metadata: readBoolean,
  limit: readWhole,
  cursor: readString,
};

export function readArguments(
  sent: Readonly<Record<string, unknown>>,
  allowed: readonly (keyof Arguments)[],
  required: readonly (keyof Arguments)[],
): Arguments | Refused {
  const names: readonly string[] = allowed;
  const complaints = [
    ...Object.keys(sent).flatMap((name) => (names.includes(name) ? [] : [`unsupported argument: ${name}`])),
    ...required.flatMap((name) => (sent[name] === undefined ? [`missing required field: ${name}`] : [])),
  ];
  if (complaints.length > 0) return refused('invalid_arguments', complaints);
  const read: { [name: string]: unknown } = {};
  for (const name of allowed) {
    if (sent[name] === undefined) continue;
    const argument = readers[name](sent[name], name);
    if ('error' in argument) return argument;
    read[name] = argument.value;
  }
  return read;
}

function readString(sent: unknown, name: string): Read {
  if (typeof sent !== 'string') return mistaken('a string', name);
  return { value: sent };
}

function readBoolean(sent: unknown, name: string): Read {
  if (sent === true || sent === 'true' || sent === '1') return { value: true };
  if (sent === false || sent === 'false' || sent === '0') return { value: false };
  return mistaken('a boolean', name);
}

function readWhole(sent: unknown, name: string): Read {
  const value = typeof sent === 'string' ? Number(sent) : sent;
  return Number.isSafeInteger(value) && Number(value) >= 0 ? { value } : mistaken('an integer', name);
}

const namedFile = object({ required: ['id'], fields: { id: string(255), title: string(255) } });

function readFiles(sent: unknown, name: string): Read {
  const value = fromJson(sent);
  const complaints = list(namedFile, Infinity)(value, `/${name}`);
  return complaints.length > 0 ? refused('invalid_arguments', complaints) : { value };
}

function mistaken(type: string, name: string): Refused {
  return refused('invalid_arguments', [`must provide ${type} [json-pointer:/${name}]`]);
}

function readBlocks(sent: unknown): Read {
  const blocks = fromJson(sent);
  if (!Array.isArray(blocks)) return refused('invalid_blocks_format');
  const complaints: string[] = [];
  if (!areBlocks(blocks, complaints)) return refused('invalid_blocks', complaints);
  const unclear = inconsistencies(blocks, '/blocks');
  return unclear.length > 0 ? refused('invalid_blocks', unclear) : { value: blocks };
}

function areBlocks(blocks: readonly unknown[], complaints: string[]): blocks is readonly Block[] {
  // No blocks at all is how chat.update is told to remove them.
  if (blocks.length > 0) complaints.push(...messageBlocks(blocks, '/blocks'));
  return complaints.length === 0;
}

function readViewArgument(sent: unknown): Read {
  const read = readView(fromJson(sent));
  if ('complaints' in read) return refused('invalid_arguments', read.complaints);
  const size = Buffer.byteLength(JSON.stringify(read.view));
  return size > limits.viewBytes ? refused('view_too_large') : { value: read.view };
}

// https://docs.slack.dev/messaging/message-metadata
function readMetadata(sent: unknown): Read {
  const metadata = fromJson(sent);
  if (!isRecord(metadata)) return refused('invalid_metadata_format');
  if (Object.keys(metadata).length === 0) return { value: null };
  const { event_type, event_payload, ...rest } = metadata;
  const valid = typeof event_type === 'string' && isRecord(event_payload) && Object.keys(rest).length === 0;
  return valid ? { value: { event_type, event_payload } } : refused('invalid_metadata_format');
}

/** In a form, and if one likes in JSON too, what has a structure is sent as a string of JSON. */
function fromJson(sent: unknown): unknown {
  if (typeof sent !== 'string') return sent;
  try {
    return JSON.parse(sent);
  } catch {
    return undefined;
  }
}
