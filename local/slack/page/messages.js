// Shows a list of messages, each made anew only if something about it changed, so that nothing jumps or loses focus.
// Called by `page.js` for a conversation and for a thread.
import { sameButton, showBlock } from './blocks.js';
import { formatDate } from './dates.js';
import { element } from './element.js';
import { fileRow } from './file-row.js';
import { mrkdwn } from './text.js';

/** What a person is told whose press failed. */
export const warnings = {
  operation_timeout: 'The app did not answer in time. Try again.',
  dispatch_failed: 'The app could not be reached, or failed. Try again.',
};

/** Shows `messages` in the list; `doings` are `press(ts, actionId, which)` and, outside a thread, `openThread(ts)`. */
export function showMessages(list, messages, workspace, doings) {
  const shown = new Map([...list.children].map((item) => [item.dataset.ts, item]));
  const items = messages.map((message) => {
    const version = JSON.stringify(message);
    const before = shown.get(message.ts);
    if (before?.version === version) return before;
    const item = element('li', { 'data-ts': message.ts }, showMessage(message, workspace, doings));
    item.version = version;
    return item;
  });
  const focus = focusIn(list);
  // What stays is not moved, and so keeps its focus.
  for (const item of shown.values()) if (!items.includes(item)) item.remove();
  for (const [at, item] of items.entries())
    if (list.children[at] !== item) list.insertBefore(item, list.children[at] ?? null);
  focus?.restore();
}

/** Focus that stood on something in a message made anew goes to the same thing, or else to the message. */
function focusIn(list) {
  const { activeElement } = document;
  const ts = list.contains(activeElement) && activeElement.closest('li')?.dataset.ts;
  if (!ts) return undefined;
  return {
    restore() {
      if (activeElement.isConnected) return;
      const item = list.querySelector(`[data-ts="${ts}"]`);
      const same = item && sameButton(item, activeElement);
      (same ?? item?.querySelector('article') ?? list).focus({ preventScroll: true });
    },
  };
}

/** Says to a screen reader what others have said since, or said anew. */
export function announce(before, now, workspace) {
  const known = new Map(allOf(before).map(({ ts, text }) => [ts, text]));
  const news = allOf(now).filter(({ ts, text, user }) => known.get(ts) !== text && user !== now.person);
  if (news.length === 0) return;
  const lines = news.map((each) =>
    element('p', {}, `${authorOf(each, workspace)}: `, mrkdwn(each.text || filesOf(each), workspace)),
  );
  document.getElementById('announcement').textContent = lines.map((line) => line.textContent).join('\n');
}

const allOf = ({ messages, directMessages }) => [...messages, ...directMessages];
const filesOf = ({ files = [] }) => files.map(({ title }) => title).join(', ');
const authorOf = ({ user, bot }, { nameOf }) => (user ? (nameOf(user) ?? user) : bot);

function showMessage(message, workspace, doings) {
  const { ts, onlyFor, warning, replies, repliedTo, user, firstNew, marked } = message;
  const name = authorOf(message, workspace);
  const classes = ['message', onlyFor && 'ephemeral', marked && 'marked'].filter(Boolean).join(' ');
  return [
    firstNew && element('p', { className: 'new-line' }, element('span', {}, 'New')),
    element(
      'article',
      {
        className: classes,
        tabIndex: -1,
        'aria-label': `Message from ${name}`,
        'aria-current': marked && 'true',
      },
      element(
        'div',
        { className: 'avatar', 'aria-hidden': 'true', 'data-of': user ? 'person' : 'app' },
        name[0],
      ),
      element(
        'div',
        { className: 'content' },
        onlyFor && element('p', { className: 'aside' }, 'Only visible to you'),
        repliedTo && element('p', { className: 'aside' }, 'replied to a thread'),
        heading(name, message, workspace),
        body(message, workspace, (actionId, which) => doings.press(ts, actionId, which)),
        message.files?.map((each) => fileRow(each, workspace)),
        warning &&
          element('p', { className: 'warning', role: 'alert' }, `⚠️ ${warnings[warning] ?? warning}`),
        replies > 0 && doings.openThread && threadButton(replies, () => doings.openThread(ts)),
      ),
    ),
  ];
}

function body({ blocks, text, edited }, workspace, press) {
  if (blocks) return blocks.map((block) => showBlock(block, workspace, press));
  const mark = edited && element('small', {}, ' (edited)');
  if (text === '' && !mark) return undefined;
  return element('p', { className: 'text' }, mrkdwn(text, workspace), mark);
}

function heading(name, { ts, user }, { now }) {
  const when = formatDate(Number(ts), '{time}', now());
  const full = formatDate(Number(ts), '{date_long} at {time_secs}', now());
  return element(
    'header',
    {},
    element('strong', {}, name),
    !user && element('span', { className: 'badge' }, 'APP'),
    element('time', { dateTime: new Date(Number(ts) * 1000).toISOString(), title: full }, when),
  );
}

function threadButton(replies, open) {
  const made = element('button', { type: 'button', className: 'thread-link' });
  made.textContent = replies === 1 ? '1 reply' : `${replies} replies`;
  made.addEventListener('click', open);
  return made;
}
