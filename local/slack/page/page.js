// The page: fetches what the chosen person sees, shows it, and says or presses in that person's name.
// Loaded by index.html; everything it asks for lies under /page/ of the server it came from.
import { formatDate } from './dates.js';
import { showMessages } from './messages.js';

const at = (id) => document.getElementById(id);
const personKey = 'person';
let state;
let openThread;
let ahead = 0;

const workspace = {
  now: () => Date.now() + ahead,
  nameOf: (id) =>
    id === state.app.botUser ? state.app.name : state.people.find((each) => each.id === id)?.name,
  get channel() {
    return state.channel;
  },
};

const me = () => at('person').value || sessionStorage.getItem(personKey) || '';

let latest = 0;

async function refresh() {
  const turn = ++latest;
  const response = await ask(`/page/state?person=${encodeURIComponent(me())}`);
  const fetched = await response?.json();
  // A later question may have been answered first.
  if (!fetched || turn !== latest) return;
  state = fetched;
  ahead = state.now - Date.now();
  if (at('person').options.length > 0) show();
  else await introduce();
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

function introduce() {
  at('person').append(...state.people.map(({ id, name, role }) => new Option(`${name} · ${role}`, id)));
  const before = sessionStorage.getItem(personKey);
  if (state.people.some(({ id }) => id === before)) at('person').value = before;
  document.title = `#${state.channel.name} · Local Slack`;
  for (const place of document.querySelectorAll('.channel-name')) place.textContent = state.channel.name;
  at('say').setAttribute('aria-label', `Message #${state.channel.name}`);
  at('say').placeholder = `Message #${state.channel.name}`;
  return refresh();
}

function show() {
  const repliesTo = (ts) => state.messages.filter((each) => each.threadTs === ts);
  const channel = state.messages
    .filter(({ threadTs, broadcast }) => !threadTs || broadcast)
    .map((each) => ({ ...each, replies: repliesTo(each.ts).length, repliedTo: Boolean(each.threadTs) }));
  showMessages(at('messages'), channel, workspace, { press, openThread: open });
  const root = state.messages.find((each) => each.ts === openThread);
  at('thread').hidden = !root;
  if (root) showMessages(at('replies'), [root, ...repliesTo(root.ts)], workspace, { press });
}

function open(ts) {
  openThread = ts;
  at('replies').replaceChildren();
  show();
  at('replies').scrollTop = at('replies').scrollHeight;
  at('reply').focus();
}

/** Whether it could be done; if not, the page says why. */
async function act(what, body) {
  const response = await ask(`/page/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ person: me(), ...body }),
  });
  if (response) notice(response.ok ? '' : (await response.json()).error);
  return response?.ok ?? false;
}

const press = (messageTs, actionId) => act('press', { messageTs, actionId });

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

sendOnEnter(at('say'), () => undefined);
sendOnEnter(at('reply'), () => openThread);
at('person').addEventListener('change', () => {
  sessionStorage.setItem(personKey, at('person').value);
  void refresh();
});
at('close-thread').addEventListener('click', () => {
  openThread = undefined;
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
events.addEventListener('error', () => {
  notice('The connection is lost; trying again.');
});
events.addEventListener('open', () => {
  notice('');
});
