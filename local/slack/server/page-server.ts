// Serves the page: its files, the state it shows, a stream of changes, and the person's actions.
// Called by the server for every request that is not for the Web API, a response URL or an upload.
import { readFile } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, extname, join } from 'node:path';
import { handlePageAction } from './page-actions.ts';
import { directMessagesWith } from '../store/conversations.ts';
import type { Channel } from '../store/channels.ts';
import { answerJson } from './http.ts';
import type { Installation } from '../store/installation.ts';
import { commandsFor } from '../store/manifest.ts';
import { app, everyone, handleOf, people, pickable } from '../store/people.ts';
import type { PageRequest } from './page-request.ts';
import { sendFile } from './send-file.ts';

const folder = join(import.meta.dirname, '../page');
const files = new Map(readdirSync(folder).map((name) => [name, join(folder, name)]));
const packages = join(import.meta.dirname, '../../../node_modules');
// With this font, emoji look the same on every machine.
files.set('emoji.woff2', join(packages, 'twemoji-colr-font/twemoji.woff2'));
// This module contains Preact, its hooks and htm, so the page needs no build. It needs no import map either, which the
// page's Content Security Policy would block.
files.set('preact.js', join(packages, 'htm/preact/standalone.module.js'));
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export async function servePage(page: PageRequest): Promise<void> {
  const { request, response, pathname, installation } = page;
  const what = `${request.method} ${pathname}`;
  if (what === 'GET /page/state') return answerJson(response, 200, stateFor(installation, request));
  if (what === 'GET /page/workflow')
    return answerJson(response, 200, await workflowFor(installation, request));
  if (request.method === 'GET' && pathname.startsWith('/page/file/'))
    return sendFile(installation, response, asked(request, 'person') ?? '', basename(pathname));
  if (what === 'GET /page/events') return sendEvents(installation, response);
  if (request.method === 'POST' && pathname.startsWith('/page/')) return handlePageAction(page);
  // A permalink opens the page, which then shows the message.
  const isPage = pathname === '/' || pathname.startsWith('/archives/');
  const name = isPage ? 'index.html' : pathname.slice(1);
  const file = files.get(name);
  if (request.method !== 'GET' || !file) return answerJson(response, 404, { error: 'not_found' });
  response.writeHead(200, {
    'content-type': types[extname(name)],
    'content-security-policy':
      "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  });
  response.end(await readFile(file));
}

function stateFor(
  { workspace, channels, manifest, clock, workflow, about, startsByCommand = true }: Installation,
  request: IncomingMessage,
): object {
  const person = asked(request, 'person') ?? '';
  return {
    now: clock.now(),
    about,
    person,
    channels: channels.filter(({ id }) => workspace.isMember(person, id)),
    people,
    pickable: pickable.map(({ id, name }) => ({ id, name })),
    names: namesOf(channels, Object.keys(workspace.groups()), manifest.botName),
    direct: { id: directMessagesWith(person)?.id ?? '' },
    app: { name: manifest.botName, example: startsByCommand ? manifest.example : '' },
    commands: commandsFor(
      manifest,
      everyone.find(({ id }) => id === person),
    ),
    messages: workspace.seenBy(person),
    directMessages: workspace.directMessages(person),
    home: workspace.home(person),
    hasHome: manifest.homeTab,
    modal: workspace.modal(person),
    hasWorkflow: workflow !== undefined,
  };
}

/** The name that a mention shows, by id. */
function namesOf(channels: readonly Channel[], groups: readonly string[], botName: string): object {
  return {
    ...Object.fromEntries(channels.map(({ id, name }) => [id, name])),
    ...Object.fromEntries(everyone.map(({ id, name }) => [id, name])),
    ...Object.fromEntries(groups.map((id) => [id, handleOf(id)])),
    [app.botUser]: botName,
  };
}

function asked({ url = '' }: IncomingMessage, name: string): string | undefined {
  return new URLSearchParams(url.split('?')[1]).get(name) ?? undefined;
}

async function workflowFor({ workflow }: Installation, request: IncomingMessage): Promise<object> {
  return (await workflow?.look(asked(request, 'execution'))) ?? {};
}

function sendEvents({ workspace, workflow }: Installation, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  // The first event lets a page that lost the connection catch up.
  response.write('event: changed\ndata:\n\n');
  const unwatch = workspace.watch(() => response.write('event: changed\ndata:\n\n'));
  const unwatchWorkflow = workflow?.watch(() => response.write('event: workflow\ndata:\n\n'));
  response.on('close', () => {
    unwatch();
    unwatchWorkflow?.();
  });
}
