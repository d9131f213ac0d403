// Starts the page: fetches the person's state, draws it, and repeats that after each event of the server.
// Loaded by index.html.
import { narrow, refresh, refreshWorkflow, showMessage, showPanel, small, tellOpened } from './actions.js';
import { App } from './app.js';
import { keepFocus } from './focus.js';
import { html, render } from './preact.js';
import { page, update } from './store.js';

let isStarted = false;

page.draw = () => {
  const news = Object.fromEntries(
    Object.entries(page.conversations).map(([view, conversation]) => [view, conversation.unread()]),
  );
  const total = Object.values(news).flat().length;
  const { label } = page.conversations[page.view];
  document.title = `${total > 0 ? `(${total}) ` : ''}${label.replace('# ', '#')} · Local Slack`;
  keepFocus(() => render(html`<${App} news=${news} />`, document.body));
  if (isStarted) return;
  isStarted = true;
  if (page.state.hasWorkflow) startPanel();
  tellOpened();
  followAddress();
};

function startPanel() {
  narrow.addEventListener('change', () => narrow.matches && page.thread && showPanel(false));
  small.addEventListener('change', () => showPanel(!small.matches));
  showPanel(!small.matches);
  void refreshWorkflow();
}

/** Shows the message if the address is a permalink: https://docs.slack.dev/reference/methods/chat.getPermalink */
function followAddress() {
  const { pathname, search } = location;
  const [, conversation, seconds, rest] = /^\/archives\/(\w+)\/p(\d{10})(\d{6})$/.exec(pathname) ?? [];
  const thread = new URLSearchParams(search).get('thread_ts');
  if (conversation) showMessage(conversation, `${seconds}.${rest}`, thread);
}

window.addEventListener('popstate', followAddress);
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href]');
  if (!link || event.ctrlKey || event.metaKey) return;
  const { origin, pathname } = new URL(link.href);
  if (origin !== location.origin || !pathname.startsWith('/archives/')) return;
  event.preventDefault();
  history.pushState(null, '', link.href);
  followAddress();
});
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') page.conversations?.[page.view].look();
  update({});
});
// Redraws dates such as {ago}, which change without an event.
setInterval(() => update({}), 10_000);

const events = new EventSource('/page/events');
// The server also sends `changed` when a connection opens, so this handler loads the first state too.
events.addEventListener('changed', () => void refresh());
events.addEventListener('workflow', () => void refreshWorkflow());
events.addEventListener('error', () => update({ notice: 'The connection is lost; trying again.' }));
events.addEventListener('open', () => update({ notice: '' }));
