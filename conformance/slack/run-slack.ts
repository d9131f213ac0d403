// `npm run conformance -- --slack`: posts each message of the gallery into a thread, reads it back and removes it, and
// publishes Home and the blocks of each modal. `run.ts` calls it.
import type { WebClient } from '@slack/web-api';
import { home, messages, modals } from '../gallery/exhibits.ts';
import { printVerdict, summaryOf, type CaseResult } from '../run-cases.ts';
import { differences } from './differences.ts';
import { refusalOf } from './refusal.ts';

export interface RunSlack {
  readonly client: WebClient;
  readonly channel: string;
  /** Slack user id of the person for whom Home and the modals are published. Undefined: they are skipped. */
  readonly person?: string | undefined;
  /** Only messages and views with this text in their names are posted. */
  readonly only: string;
  readonly print: (line: string) => void;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

interface Posted {
  readonly name: string;
  readonly sent: object;
  readonly ts?: string | undefined;
  /** Slack's reasons, if it refused the message. */
  readonly refusal?: readonly string[];
}

const FIRST =
  'Conformance of Countersign: its messages follow in this thread, and are removed in a few minutes.';

export async function runSlack(options: RunSlack): Promise<readonly CaseResult[]> {
  const { client, channel, print } = options;
  const { ts: thread = '' } = await client.chat.postMessage({ channel, text: FIRST });
  const posted: Posted[] = [];
  try {
    await postMessages(options, thread, posted);
    const results = await compareMessages(options, thread, posted);
    for (const result of results) printVerdict(result, print);
    const ofViews = await publishViews(options);
    for (const result of ofViews) printVerdict(result, print);
    const all = [...results, ...ofViews];
    print(summaryOf(all));
    return all;
  } finally {
    await removeMessages(options, [...posted.flatMap(({ ts }) => ts ?? []), thread]);
  }
}

async function postMessages(options: RunSlack, thread_ts: string, posted: Posted[]): Promise<void> {
  const { client, channel, signal } = options;
  for (const [name, message] of wanted(messages, options)) {
    signal.throwIfAborted();
    const sent = inWorkspace(message, options);
    try {
      const { ts } = await client.chat.postMessage({ channel, thread_ts, ...sent });
      posted.push({ name, sent, ts });
    } catch (error) {
      posted.push({ name, sent, refusal: refusalOf(error) });
    }
  }
}

async function compareMessages(
  { client, channel }: RunSlack,
  ts: string,
  posted: readonly Posted[],
): Promise<readonly CaseResult[]> {
  const read = new Map<string, object>();
  let cursor: string | undefined;
  do {
    const page = await client.conversations.replies({ channel, ts, limit: 200, ...(cursor && { cursor }) });
    for (const message of page.messages ?? []) read.set(message.ts ?? '', message);
    cursor = page.response_metadata?.next_cursor;
  } while (cursor);
  return posted.map(({ name, sent, ts: own = '', refusal }) =>
    verdictOn(name, refusal ?? ofMessage(sent, read.get(own))),
  );
}

/** Slack may describe a text as blocks of its own, so blocks are compared only if some were sent. */
function ofMessage(sent: object, answered: object | undefined): readonly string[] {
  if (!answered) return ['lost: it is not in the thread'];
  const { text, blocks }: { readonly text?: unknown; readonly blocks?: unknown } = answered;
  return differences(sent, 'blocks' in sent ? { text, blocks } : { text }, '');
}

/** A modal opens only after a press. A Home takes the same blocks. */
async function publishViews(options: RunSlack): Promise<readonly CaseResult[]> {
  const asHome = Object.entries(modals).map(([name, { blocks }]) => [`${name}, as Home`, blocks] as const);
  const views = wanted({ home: home.blocks, ...Object.fromEntries(asHome) }, options);
  const { person, signal } = options;
  if (person === undefined) return views.map(([name]) => skipped(name));
  const results: CaseResult[] = [];
  try {
    for (const [name, blocks] of views) {
      signal.throwIfAborted();
      results.push(verdictOn(name, await publish(options, person, inWorkspace(blocks, options))));
    }
  } finally {
    // The app publishes Home again when the person opens it.
    if (results.length > 0) await publish(options, person, [afterwards]);
  }
  return results;
}

type Blocks = typeof home.blocks;

const afterwards: Blocks[number] = {
  type: 'section',
  text: { type: 'plain_text', text: 'Open the Messages tab, then open Home again.' },
};

async function publish({ client }: RunSlack, user_id: string, blocks: Blocks): Promise<readonly string[]> {
  try {
    const { view } = await client.views.publish({ user_id, view: { type: 'home', blocks } });
    return differences(blocks, view?.blocks, '/blocks');
  } catch (error) {
    return refusalOf(error);
  }
}

/** The gallery names people and a channel of the local Slack. */
function inWorkspace<Sent extends object>(sent: Sent, { channel, person }: RunSlack): Sent {
  const text = JSON.stringify(sent).replaceAll('C0TRADING', channel);
  return JSON.parse(person === undefined ? text : text.replaceAll(/\bU0(ANA|BEN|CHLOE|DANA)\b/g, person));
}

function wanted<Exhibit>(all: Readonly<Record<string, Exhibit>>, { only }: RunSlack) {
  return Object.entries(all).filter(([name]) => name.toLowerCase().includes(only.toLowerCase()));
}

function verdictOn(name: string, details: readonly string[]): CaseResult {
  return { name, result: details.length === 0 ? 'same' : 'DIFFERS', details };
}

function skipped(name: string): CaseResult {
  return { name, result: 'skipped', details: ['pass --person U… to publish it'] };
}

async function removeMessages({ client, channel, print }: RunSlack, all: readonly string[]): Promise<void> {
  let left = 0;
  for (const ts of all) await client.chat.delete({ channel, ts }).catch(() => (left += 1));
  if (left > 0)
    print(`\n${left} messages could not be removed. Delete them by hand, in the thread “${FIRST}”.`);
}
