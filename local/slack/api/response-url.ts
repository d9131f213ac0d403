// Response URLs, with which an app answers a command or a press later and without a token.
// `run-command.ts` and `press-button.ts` create them; the server calls `respond` when the app posts to one.
import { randomBytes } from 'node:crypto';
import { contentOf, readAppMessage } from './app-message.ts';
import { refused } from './arguments.ts';
import type { Arguments, Refused } from './arguments.ts';
import type { Installation } from '../store/installation.ts';
import type { Message, ResponseUrl } from '../store/message.ts';

export function mintResponseUrl(
  { workspace, clock }: Installation,
  person: string,
  channel: string,
  original?: Message,
): string {
  const id = randomBytes(24).toString('base64url');
  workspace.keepResponseUrl({
    id,
    person,
    channel,
    madeAt: clock.now(),
    uses: 0,
    ...(original && { original: original.ts }),
  });
  return id;
}

/** Sets which message a response to this URL replaces or deletes. */
export function originalIs({ workspace }: Installation, id: string, original: string): void {
  const url = workspace.responseUrl(id);
  if (url) workspace.keepResponseUrl({ ...url, original });
}

export interface Response {
  readonly status: number;
  readonly body: Refused | { readonly ok: true };
}

// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
const USES = 5;
const LIFETIME_MS = 30 * 60_000;

export function respond(installation: Installation, id: string, payload: unknown): Response {
  const { workspace, clock, log } = installation;
  const url = workspace.responseUrl(id);
  if (!url) return { status: 404, body: refused('no_service') };
  if (url.uses >= USES) return { status: 404, body: refused('used_url') };
  if (clock.now() - url.madeAt > LIFETIME_MS) return { status: 404, body: refused('expired_url') };
  const message = readAppMessage(payload);
  if ('error' in message) {
    log({ source: 'slack', event: 'response_refused', person: url.person, ...message });
    return { status: 400, body: message };
  }
  const { thread_ts } = message;
  const thread = thread_ts === undefined ? undefined : workspace.find(thread_ts);
  if (thread_ts !== undefined && (!thread || thread.channel !== url.channel))
    return { status: 400, body: refused('thread_not_found') };
  workspace.keepResponseUrl({ ...url, uses: url.uses + 1 });
  show(installation, url, message);
  log({ source: 'slack', event: 'response_shown', person: url.person });
  return { status: 200, body: { ok: true } };
}

function show(installation: Installation, url: ResponseUrl, message: Arguments): void {
  const { workspace, manifest } = installation;
  const original = url.original === undefined ? undefined : workspace.find(url.original);
  if (message.delete_original) {
    if (original) workspace.remove(original.ts);
    return;
  }
  if (message.replace_original && original) {
    const { blocks: _replaced, ...kept } = original;
    return workspace.replace({ ...kept, ...contentOf(message) });
  }
  const shown = workspace.add({
    bot: manifest.botName,
    channel: url.channel,
    ...contentOf(message),
    ...(message.thread_ts && { threadTs: message.thread_ts }),
    ...(message.response_type !== 'in_channel' && { onlyFor: url.person }),
  });
  if (!original) originalIs(installation, url.id, shown.ts);
}
