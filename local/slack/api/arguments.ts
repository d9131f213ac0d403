// Reads the arguments of a call to the Web API, from a form or from JSON. Checks each against its schema, and refuses
// those that the method does not allow. `web-api.ts` calls it, and `app-message.ts` for messages to a response URL.
import * as v from 'valibot';
import { messageBlocks } from '../blocks/blocks.ts';
import { complaintsOf, isRecord, list, optional, text } from '../blocks/validators.ts';
import { appView } from '../blocks/view.ts';
import type { AppView } from '../blocks/view.ts';

const string = v.string();
/** A form sends a boolean as text. */
const boolean = v.pipe(
  v.union([v.boolean(), v.picklist(['true', '1', 'false', '0'])], 'must provide a boolean'),
  v.transform((sent) => sent === true || sent === 'true' || sent === '1'),
);
const whole = v.pipe(
  v.unknown(),
  v.transform((sent) => (typeof sent === 'string' ? Number(sent) : sent)),
  v.custom<number>((sent) => Number.isSafeInteger(sent) && Number(sent) >= 0, 'must provide an integer'),
);
/** An object or array. A form sends it as a JSON string; a JSON body may send it directly. */
const json = v.pipe(v.unknown(), v.transform(fromJson));
const file = v.strictObject({ id: text(255), title: optional(text(255)) });
// https://docs.slack.dev/messaging/message-metadata
const metadata = v.strictObject({ event_type: v.string(), event_payload: v.custom<object>(isRecord) });
const nothing = () => null;
const isEmpty = (sent: unknown) => isRecord(sent) && Object.keys(sent).length === 0;
/** The limit for the error `view_too_large`: https://docs.slack.dev/reference/methods/views.open */
const isSmall = (view: AppView) => Buffer.byteLength(JSON.stringify(view)) <= 250_000;

const schemas = {
  channel: string,
  ts: string,
  thread_ts: string,
  user: string,
  user_id: string,
  types: string,
  text: string,
  blocks: v.pipe(json, v.array(v.unknown(), 'invalid_blocks_format'), messageBlocks),
  // `{}` tells chat.update to remove the metadata.
  metadata: v.union(
    [v.pipe(json, v.custom(isEmpty), v.transform(nothing)), v.pipe(json, metadata)],
    'invalid_metadata_format',
  ),
  reply_broadcast: boolean,
  unfurl_links: boolean,
  unfurl_media: boolean,
  response_type: string,
  replace_original: boolean,
  delete_original: boolean,
  message_ts: string,
  trigger_id: string,
  view_id: string,
  hash: string,
  view: v.pipe(json, appView, v.check(isSmall, 'view_too_large')),
  users: string,
  usergroup: string,
  filename: string,
  length: whole,
  files: v.pipe(json, list(file, Infinity)),
  channel_id: string,
  initial_comment: string,
  oldest: string,
  include_all_metadata: boolean,
  limit: whole,
  cursor: string,
};
/** Slack sends these errors without a list of details. */
const bareErrors = ['invalid_blocks_format', 'invalid_metadata_format', 'view_too_large'];

export type Arguments = {
  readonly [name in keyof typeof schemas]?: v.InferOutput<(typeof schemas)[name]>;
};

/** The answer of a method to an accepted call. */
export interface Answered {
  readonly ok: true;
  readonly [field: string]: unknown;
}

export interface Refused {
  readonly ok: false;
  readonly error: string;
  readonly errors?: readonly (string | object)[];
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
    const { success, output, issues } = v.safeParse(schemas[name], sent[name]);
    if (!success) return refusalOf(name, issues);
    read[name] = output;
  }
  return read;
}

function refusalOf(name: string, issues: readonly v.BaseIssue<unknown>[]): Refused {
  const bare = bareErrors.find((each) => each === issues[0]?.message);
  if (bare) return refused(bare);
  const error = name === 'blocks' ? 'invalid_blocks' : 'invalid_arguments';
  return refused(error, complaintsOf(issues, `/${name}`));
}

function fromJson(sent: unknown): unknown {
  if (typeof sent !== 'string') return sent;
  try {
    return JSON.parse(sent);
  } catch {
    return undefined;
  }
}
