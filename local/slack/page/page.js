// The page: fetches what the chosen person sees, shows it, and says, presses or submits in that person's name.
// Loaded by index.html; everything it asks for lies under /page/ of the server it came from.
import { startAddress } from './address.js';
import { showConversation } from './conversation.js';
import { conversationsOf } from './conversations.js';
import { ask, notice, post } from './ask.js';
import { showHome } from './home.js';
import { announce, showMessages } from './messages.js';
import { stayAtEnd } from './stay-at-end.js';
import { showModal } from './modal.js';
import { startPanel } from './panel.js';
import { sayOnEnter } from './say-on-enter.js';
import { showSidebar, startSidebar } from './sidebar.js';
import { showTabs, startTabs } from './tabs.js';
import { refreshDates } from './text.js';
import { done } from './unread.js';

const at = (id) => document.getElementById(id);
const personKey = 'person';
let state;
let conversations;
/** Which of them one looks at. */
let view = 'channel';
/** Where one looked last in the app's place. */
let tab = 'home';
let openThread;
/** The message a permalink led to. */
let marked;
let ahead = 0;

const workspace = {
  now: () => Date.now() + ahead,
  nameOf: (id) => state.names[id],
  addressOf: (file) => `/page/file/${file}?person=${encodeURIComponent(me())}`,
  get channel() {
    return state.channel;
  },
  get pickable() {
    return state.pickable;
  },
};

const me = () => at('person').value || sessionStorage.getItem(personKey) || '';
const panel = startPanel({ ask, now: workspace.now, beforeOpening: closeThread });

let latest = 0;

async function refresh() {
  const turn = ++latest;
  const response = await ask(`/page/state?person=${encodeURIComponent(me())}`);
  const fetched = await response?.json();
  // A later question may have been answered first.
  if (!fetched || turn !== latest) return;
  const before = state;
  state = fetched;
  ahead = state.now - Date.now();
  if (at('person').options.length === 0) return introduce();
  const sameEyes = before?.person === state.person;
  conversations = conversationsOf(state);
  if (!sameEyes) conversations[view].look();
  show();
  if (sameEyes) announce(before, state, workspace);
}

async function introduce() {
  at('person').append(...state.people.map(({ id, name, role }) => new Option(`${name} · ${role}`, id)));
  const before = sessionStorage.getItem(personKey);
  if (state.people.some(({ id }) => id === before)) at('person').value = before;
  at('say').setAttribute('aria-label', `Message #${state.channel.name}`);
  at('say').placeholder = `Message #${state.channel.name}`;
  if (state.hasWorkflow) panel.introduce();
  await refresh();
  followAddress();
}

function show() {
  const { channel, direct } = conversations;
  const news = { channel: channel.unread(), direct: direct.unread() };
  const counts = { channel: news.channel.length, direct: news.direct.length };
  const total = counts.channel + counts.direct;
  const { label } = conversations[view];
  showSidebar(view, { channel: channel.label, direct: direct.label }, counts);
  showTabs(view, state);
  at('where').textContent = label;
  document.title = `${total > 0 ? `(${total}) ` : ''}${label.replace('# ', '#')} · Local Slack`;
  at('home').hidden = view !== 'home';
  showHome(at('home'), state.home, workspace, press);
  showConversation(view, conversations[view], state.app, {
    dressed: (each) => ({ ...dressed(each), firstNew: each.ts === news[view]?.[0]?.ts }),
    workspace,
    doings: { press, openThread: open },
  });
  showThread();
  const submit = (values) => act('submit', { values });
  showModal(state.modal, workspace, { submit, press, close: closeModal });
}

const dressed = (message) => ({ ...message, marked: message.ts === marked });

function showThread() {
  const thread = conversations[view].thread(openThread);
  at('thread').hidden = !thread;
  at('reply').hidden = view === 'direct';
  if (thread) showMessages(at('replies'), thread.map(dressed), workspace, { press });
}

/** The app's place is opened where something is new, else where one looked last. */
function chooseEntry(name) {
  const isNew = conversations.direct.unread().length > 0;
  choose(name === 'direct' && state.hasHome && !isNew ? tab : name);
}

function choose(name) {
  panel.giveRoom();
  openThread = undefined;
  view = name;
  at('messages').replaceChildren();
  conversations[view].look();
  show();
  at('messages').scrollTop = at('messages').scrollHeight;
  tellOpened();
}

/** The app is told who looks at its place. */
function tellOpened() {
  if (view === 'channel') return;
  tab = view;
  void post('open-home', { person: me(), tab: view === 'home' ? 'home' : 'messages' });
}

function open(ts) {
  openThread = ts;
  panel.makeWay();
  at('replies').replaceChildren();
  show();
  at('replies').scrollTop = at('replies').scrollHeight;
  at(view === 'channel' ? 'reply' : 'replies').focus();
}

function closeThread() {
  if (!openThread) return;
  const opener = at('messages').querySelector(`[data-ts="${openThread}"] .thread-link`);
  openThread = undefined;
  show();
  opener?.focus();
}

function act(what, body) {
  done();
  notice('');
  return post(what, { person: me(), ...body });
}

const press = (where, actionId, which, values) => act('press', { where, actionId, which, values });
const closeModal = () => act('close-modal', {});

function lead(conversation, ts, thread) {
  marked = ts;
  const names = { [state.channel.id]: 'channel', [state.direct.id]: 'direct' };
  const name = names[conversation] ?? view;
  if (name !== view) choose(name);
  if (thread) open(thread);
  else show();
  const list = thread ? 'replies' : 'messages';
  const found = at(list).querySelector(`[data-ts="${marked}"]`);
  if (!found) return notice('There is no such message here.');
  leaveEnd[list]();
  found.scrollIntoView({ block: 'center' });
  found.querySelector('article').focus({ preventScroll: true });
}

const followAddress = startAddress(lead);
const leaveEnd = { messages: stayAtEnd(at('messages')), replies: stayAtEnd(at('replies')) };
startSidebar(chooseEntry);
startTabs(choose);
sayOnEnter(at('say'), (text) => act('say', { text }));
sayOnEnter(at('reply'), (text) => act('say', { text, threadTs: openThread }));
at('close-thread').addEventListener('click', closeThread);
at('person').addEventListener('change', () => {
  sessionStorage.setItem(personKey, at('person').value);
  void refresh().then(tellOpened);
});
document.addEventListener('visibilitychange', () => {
  if (!conversations) return;
  if (document.visibilityState === 'visible') conversations[view].look();
  show();
});

setInterval(() => refreshDates(workspace), 10_000);

const events = new EventSource('/page/events');
events.addEventListener('changed', () => void refresh());
events.addEventListener('workflow', () => void panel.refresh());
events.addEventListener('error', () => {
  notice('The connection is lost; trying again.');
});
events.addEventListener('open', () => {
  notice('');
});
