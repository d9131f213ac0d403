// The part of Slack that approvals use: keeps the current messages, modals and private answers, knows the members of
// groups, and fails on demand. It is reached through `fetch`.
import type { Invocation, Turns } from './turns.ts';

export interface Posted {
  readonly ts: string;
  /** Of a channel, or of a person: a direct message. */
  readonly channel: string;
  readonly text: string;
  /** JSON, as it was sent. */
  readonly blocks: string;
  readonly threadTs: string | undefined;
  /** JSON, as it was posted. */
  readonly metadata: string;
  /** Who posted it so, or updated it last. */
  readonly by: Invocation;
  /** Whether the answer to that was lost. */
  readonly lost: boolean;
}

/** `refused` and `limited` before it is done; `lost`: it is done, and the answer does not arrive. */
export type Failure = 'refused' | 'limited' | 'lost';

export interface FakeSlack {
  readonly fetch: typeof fetch;
  /** All messages, in the order posted. */
  readonly messages: ReadonlyMap<string, Posted>;
  /** Those with which somebody was asked. */
  posts(): readonly Posted[];
  /** The modal that was opened with this trigger, as it is now, JSON. */
  modal(trigger: string): string | undefined;
  setGroup(members: readonly string[]): void;
  /** The next call of that method fails so. */
  failNext(method: string, how: Failure): void;
}

const OWN_TEAM = 'T0OWN';
const GUESTS = ['U0EVE'];
/** Not by TLS: so it is called by `fetch`. */
export const API = 'http://slack.test/api/';

/** The blocks of a message that has none. */
export const NONE = '[]';

type Answer = Readonly<Record<string, unknown>>;
type Method = (args: URLSearchParams, by: Invocation, lost: boolean) => Answer;

export function createSlack(turns: Turns, group: readonly string[]): FakeSlack {
  const messages = new Map<string, Posted>();
  const modals = new Map<string, string>();
  const failures = new Map<string, Failure>();
  let members = group;
  const methods = { ...conversations(messages), ...views(modals), ...people(() => members) };

  const answerTo = (name: string, args: URLSearchParams, by: Invocation): Response => {
    const failure = failures.get(name);
    failures.delete(name);
    if (failure === 'limited') return respond({ ok: false, error: 'ratelimited' }, 429);
    if (failure === 'refused') return respond({ ok: false, error: 'internal_error' });
    const method = methods[name];
    if (!method) throw new Error(`This Slack has no method ${name}.`);
    const lost = failure === 'lost';
    const answer = method(args, by, lost);
    return lost ? respond({}, 502) : respond({ ok: !('error' in answer), ...answer });
  };

  return {
    messages,
    posts: () => [...messages.values()].filter(({ blocks }) => blocks !== NONE),
    modal: (trigger) => modals.get(trigger),
    setGroup: (those) => {
      members = those;
    },
    failNext: (method, how) => failures.set(method, how),
    fetch: (address, init) => {
      const url = address instanceof Request ? address.url : address.toString();
      const body = typeof init?.body === 'string' ? init.body : '';
      if (!url.startsWith(API)) {
        return turns.call('private word', (by) => {
          by.said.push(JSON.parse(body).text);
          return respond({});
        });
      }
      const name = url.slice(API.length);
      return turns.call(name, (by) => answerTo(name, new URLSearchParams(body), by));
    },
  };
}

function respond(answer: Answer, status = 200): Response {
  const headers = { 'content-type': 'application/json', ...(status === 429 && { 'retry-after': '30' }) };
  return new Response(JSON.stringify(answer), { status, headers });
}

function conversations(messages: Map<string, Posted>): Record<string, Method> {
  const keep = (ts: string, args: URLSearchParams, by: Invocation, lost: boolean): Answer => {
    messages.set(ts, {
      ts,
      channel: args.get('channel') ?? '',
      text: args.get('text') ?? '',
      blocks: args.get('blocks') ?? NONE,
      threadTs: args.get('thread_ts') ?? messages.get(ts)?.threadTs,
      metadata: args.get('metadata') ?? messages.get(ts)?.metadata ?? '{}',
      by,
      lost,
    });
    return { ts };
  };
  return {
    'chat.postMessage': (...call) =>
      keep(`1700000000.${String(messages.size + 1).padStart(6, '0')}`, ...call),
    'chat.update': (args, ...call) => {
      const ts = args.get('ts') ?? '';
      return messages.has(ts) ? keep(ts, args, ...call) : { error: 'message_not_found' };
    },
    'conversations.history': (args) =>
      read(messages, (each) => each.channel === args.get('channel') && !each.threadTs),
    'conversations.replies': (args) => read(messages, (each) => each.threadTs === args.get('ts')),
    'conversations.open': (args) => ({ channel: { id: args.get('users') } }),
    'chat.getPermalink': (args) => ({ permalink: `https://slack.test/${args.get('message_ts')}` }),
  };
}

function read(messages: ReadonlyMap<string, Posted>, wanted: (posted: Posted) => boolean): Answer {
  const found = [...messages.values()].filter(wanted);
  return { messages: found.map(({ ts, metadata }) => ({ ts, metadata: JSON.parse(metadata) })) };
}

/** A view has the id of the trigger that opened it, with which no other may be opened. */
function views(modals: Map<string, string>): Record<string, Method> {
  return {
    'views.open': (args, by) => {
      const id = args.get('trigger_id') ?? '';
      if (modals.has(id)) return { error: 'exchanged_trigger_id' };
      modals.set(id, args.get('view') ?? '');
      by.said.push('modal');
      return { view: { id } };
    },
    'views.update': (args) => {
      modals.set(args.get('view_id') ?? '', args.get('view') ?? '');
      return {};
    },
  };
}

function people(members: () => readonly string[]): Record<string, Method> {
  return {
    'auth.test': () => ({ team_id: OWN_TEAM }),
    'usergroups.users.list': () => ({ users: members() }),
    'users.conversations': () => ({ channels: [] }),
    'users.info': (args) => {
      const id = args.get('user') ?? '';
      const name = id.slice(2).toLowerCase();
      const profile = { real_name: name, email: `${name}@slack.test` };
      return { user: { id, team_id: GUESTS.includes(id) ? 'T0GUEST' : OWN_TEAM, profile } };
    },
  };
}
