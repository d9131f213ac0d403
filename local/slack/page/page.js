// The page: fetches what the chosen person sees, shows it, and says, presses or submits in that person's name.
// Loaded by index.html; everything it asks for lies under /page/ of the server it came from.
import { formatDate } from './dates.js';
import { announce, showMessages } from './messages.js';
import { stayAtEnd } from './stay-at-end.js';
import { showModal } from './modal.js';
import { startPanel } from './panel.js';
import { arrive, done, leave, unreadOf } from './unread.js';

const at = (id) => document.getElementById(id);
const personKey = 'person';
let state;
let openThread;
/** The message a permalink led to. */
let marked;
let ahead = 0;

const workspace = {
  now: () => Date.now() + ahead,
  nameOf: (id) => state.names[id],
  get channel() {
    return state.channel;
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
  if (!sameEyes) arrive(state.person, state.messages);
  show();
  if (sameEyes) announce(before.messages, state, workspace);
}

async function ask(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    notice('The local Slack does not answer.');
    return undefined;
  }
}

function notice(text) {
  at('notice').textContent = text;
}

async function introduce() {
  at('person').append(...state.people.map(({ id, name, role }) => new Option(`${name} · ${role}`, id)));
  const before = sessionStorage.getItem(personKey);
  if (state.people.some(({ id }) => id === before)) at('person').value = before;
  for (const place of document.querySelectorAll('.channel-name')) place.textContent = state.channel.name;
  at('say').setAttribute('aria-label', `Message #${state.channel.name}`);
  at('say').placeholder = `Message #${state.channel.name}`;
  if (state.hasWorkflow) panel.introduce();
  await refresh();
  followAddress();
}

function show() {
  const repliesTo = (ts) => state.messages.filter((each) => each.threadTs === ts);
  const inChannel = state.messages.filter(({ threadTs, broadcast }) => !threadTs || broadcast);
  const unread = unreadOf(inChannel, me());
  const dressed = (message) => ({ ...message, marked: message.ts === marked });
  const channel = inChannel.map((each) => ({
    ...dressed(each),
    replies: repliesTo(each.ts).length,
    repliedTo: Boolean(each.threadTs),
    firstNew: each.ts === unread[0]?.ts,
  }));
  at('first').hidden = channel.length > 0 || !state.app.example;
  at('example').textContent = state.app.example;
  showMessages(at('messages'), channel, workspace, { press, openThread: open });
  showCount(unread.length);
  const root = state.messages.find((each) => each.ts === openThread);
  at('thread').hidden = !root;
  if (root) showMessages(at('replies'), [root, ...repliesTo(root.ts)].map(dressed), workspace, { press });
  showModal(state.modal, workspace, { submit: (values) => act('submit', { values }), close: closeModal });
}

function showCount(count) {
  at('unread').hidden = count === 0;
  at('unread').textContent = `${count} new`;
  document.title = `${count > 0 ? `(${count}) ` : ''}#${state.channel.name} · Local Slack`;
}

function open(ts) {
  openThread = ts;
  panel.makeWay();
  at('replies').replaceChildren();
  show();
  at('replies').scrollTop = at('replies').scrollHeight;
  at('reply').focus();
}

function closeThread() {
  if (!openThread) return;
  const opener = at('messages').querySelector(`[data-ts="${openThread}"] .thread-link`);
  openThread = undefined;
  show();
  opener?.focus();
}

/** Whether it could be done; if not, the page says why. */
async function act(what, body) {
  done();
  const response = await ask(`/page/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ person: me(), ...body }),
  });
  if (response) notice(response.ok ? '' : (await response.json()).error);
  return response?.ok ?? false;
}

const press = (messageTs, actionId) => act('press', { messageTs, actionId });
const closeModal = () => act('close-modal', {});

function sendOnEnter(box, threadTs) {
  box.addEventListener('keydown', async (event) => {
    // Shift makes a line; an input method's Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    const text = box.value;
    if (text.trim() === '') return;
    box.value = '';
    if (!(await act('say', { text, threadTs: threadTs() })) && box.value === '') box.value = text;
  });
}

/** A permalink's address leads to its message: https://docs.slack.dev/reference/methods/chat.getPermalink */
function followAddress() {
  const [, seconds, rest] = /^\/archives\/\w+\/p(\d{10})(\d{6})$/.exec(location.pathname) ?? [];
  if (!seconds) return;
  marked = `${seconds}.${rest}`;
  const thread = new URLSearchParams(location.search).get('thread_ts');
  if (thread) open(thread);
  else show();
  const list = thread ? 'replies' : 'messages';
  const found = at(list).querySelector(`[data-ts="${marked}"]`);
  if (!found) return notice('There is no such message here.');
  leaveEnd[list]();
  found.scrollIntoView({ block: 'center' });
  found.querySelector('article').focus({ preventScroll: true });
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href]');
  if (!link || event.ctrlKey || event.metaKey || !new URL(link.href).pathname.startsWith('/archives/'))
    return;
  if (new URL(link.href).origin !== location.origin) return;
  event.preventDefault();
  history.pushState(null, '', link.href);
  followAddress();
});
window.addEventListener('popstate', followAddress);

const leaveEnd = { messages: stayAtEnd(at('messages')), replies: stayAtEnd(at('replies')) };
sendOnEnter(at('say'), () => undefined);
sendOnEnter(at('reply'), () => openThread);
at('close-thread').addEventListener('click', closeThread);
at('person').addEventListener('change', () => {
  sessionStorage.setItem(personKey, at('person').value);
  void refresh();
});
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') return leave(me());
  arrive(me(), state.messages);
  show();
});

// A date such as {ago} grows old without anything changing.
setInterval(() => {
  for (const time of document.querySelectorAll('time[data-format]'))
    time.textContent =
      formatDate(Date.parse(time.dateTime) / 1000, time.dataset.format, workspace.now()) ?? time.textContent;
}, 10_000);

const events = new EventSource('/page/events');
events.addEventListener('changed', () => void refresh());
events.addEventListener('workflow', () => void panel.refresh());
events.addEventListener('error', () => {
  notice('The connection is lost; trying again.');
});
events.addEventListener('open', () => {
  notice('');
});
