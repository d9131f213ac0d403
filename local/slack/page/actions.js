// The actions of the person, and the requests of the page to its server.
// Called by the components and by `page.js`.
import { conversationsOf, done, newsSince } from './conversations.js';
import { shownList } from './focus.js';
import { isApp, page, update } from './store.js';

const at = (id) => document.getElementById(id);
/** Up to this width, only one of the thread and the panel fits beside the channel. */
export const narrow = matchMedia('(max-width: 1200px)');
/** Up to this width, the thread or the panel replaces the channel (page.css), so the panel opens only on request. */
export const small = matchMedia('(max-width: 800px)');

async function ask(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    update({ notice: 'The local Slack does not answer.' });
    return undefined;
  }
}

/** Returns a function that fetches JSON. It resolves with undefined if the fetch fails or a later call has started. */
function latest(pathOf) {
  let turn = 0;
  return async () => {
    const mine = ++turn;
    const response = await ask(pathOf());
    const answer = response?.ok ? await response.json() : undefined;
    return mine === turn ? answer : undefined;
  };
}
const fetchState = latest(() => `/page/state?person=${encodeURIComponent(page.person)}`);
const fetchWorkflow = latest(() => `/page/workflow?execution=${encodeURIComponent(page.execution)}`);

export async function refresh() {
  const state = await fetchState();
  if (!state) return;
  if (!state.people.some(({ id }) => id === page.person)) {
    page.person = state.people[0].id;
    return refresh();
  }
  const before = page.state;
  Object.assign(page, { state, ahead: state.now - Date.now(), conversations: conversationsOf(state) });
  // At the start, or if the person is not in the channel that was open.
  if (!page.conversations[page.view]) page.view = state.channels[0]?.id ?? 'direct';
  if (before?.person === state.person) page.announcement = newsSince(before, state) || page.announcement;
  else page.conversations[page.view].look();
  update({});
}

export async function refreshWorkflow() {
  const workflow = await fetchWorkflow();
  if (workflow) update({ workflow });
}

/** Returns whether the server accepted the action; if not, the page shows the reason. */
async function post(what, body) {
  const response = await ask(`/page/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ person: page.person, ...body }),
  });
  if (response && !response.ok) update({ notice: (await response.json()).error });
  return response?.ok ?? false;
}

function act(what, body) {
  done();
  update({ notice: '' });
  return post(what, body);
}

export const say = (text) => act('say', { text, where: page.view });
export const reply = (text) => act('say', { text, where: page.thread });
export const press = (where, actionId, which, values) => act('press', { where, actionId, which, values });
export const submit = (values) => act('submit', { values });

export function closeModal(id) {
  update({ closedModal: id });
  // The element that opened the modal may be gone, so that nothing has the focus.
  if (document.activeElement === document.body) shownList().focus();
  void act('close-modal', {});
}

export function become(person) {
  sessionStorage.setItem('person', person);
  page.person = person;
  void refresh().then(tellOpened);
}

/** Notifies the app that the person opened the app's Home or Messages tab. */
export function tellOpened() {
  if (!isApp(page.view)) return;
  page.tab = page.view;
  void post('open-home', { tab: page.view === 'home' ? 'home' : 'messages' });
}

/** Opens a conversation. `direct` opens the app's Messages tab if a message is unread, else the tab opened last. */
export function enter(name) {
  // Otherwise a reload would follow the permalink in the address again.
  if (location.pathname !== '/') history.pushState(null, '', '/');
  const isNew = page.conversations.direct.unread().length > 0;
  choose(name === 'direct' && page.state.hasHome && !isNew ? page.tab : name);
}

export function choose(view) {
  page.conversations[view].look();
  sessionStorage.setItem('view', view);
  update({ view, thread: undefined, panel: page.panel && !small.matches });
  tellOpened();
}

export function openThread(thread) {
  update({ thread, panel: page.panel && !narrow.matches });
  at(isApp(page.view) ? 'replies' : 'reply').focus();
}

export function closeThread() {
  const opener = at('messages').querySelector(`[data-ts="${page.thread}"] .thread-link`);
  update({ thread: undefined });
  opener?.focus();
}

export function showPanel(panel) {
  update({ panel, thread: panel && narrow.matches ? undefined : page.thread });
}

export function closePanel() {
  showPanel(false);
  at('show-panel').focus();
}

export function pick(execution) {
  update({ execution });
  void refreshWorkflow();
}

const open = (view) => view !== page.view && choose(view);

/** Shows and marks the message `ts`. `thread` is the `ts` of its thread, or null for a message outside a thread. */
export function showMessage(conversation, ts, thread) {
  const { channels, direct } = page.state;
  page.marked = ts;
  if (conversation === direct.id) open('direct');
  else if (channels.some(({ id }) => id === conversation)) open(conversation);
  if (thread) openThread(thread);
  else update({});
  const list = at(thread ? 'replies' : 'messages');
  const found = list.querySelector(`[data-ts="${ts}"]`);
  if (!found) return update({ notice: 'There is no such message here.' });
  list.atEnd = false;
  found.scrollIntoView({ block: 'center' });
  found.querySelector('article').focus({ preventScroll: true });
}
