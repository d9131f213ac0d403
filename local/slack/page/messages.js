// A list of messages: of a conversation or of a thread.
// Drawn by `app.js`.
import { openThread, press } from './actions.js';
import { Block } from './blocks.js';
import { formatDate } from './dates.js';
import { html, useLayoutEffect, useRef } from './preact.js';
import { authorOf, now, page } from './store.js';
import { mrkdwn } from './text.js';

/** Shown to a person after a failed press. */
const warnings = {
  operation_timeout: 'The app did not answer in time. Try again.',
  dispatch_failed: 'The app could not be reached, or failed. Try again.',
};

export const warningOf = (warning) =>
  warning && html`<p class="warning" role="alert">⚠️ ${warnings[warning] ?? warning}</p>`;

/** Shows the line "New" above the message `firstNew`, and highlights `marked`, the message of an opened permalink. */
export function Messages({ id, label, messages, firstNew, marked }) {
  const list = useRef();
  useLayoutEffect(() => stayAtEnd(list.current), []);
  const item = (each) => html`
    <li key=${each.ts} data-ts=${each.ts}>
      ${each.ts === firstNew && html`<p class="new-line"><span>New</span></p>`}
      <${Message} message=${each} isMarked=${each.ts === marked} />
    </li>
  `;
  return html`
    <ol id=${id} class="list" tabindex="0" aria-label=${label} ref=${list}>${messages.map(item)}</ol>
  `;
}

/** Distance from the end, in pixels, that still counts as at the end. */
const NEAR = 40;

/**
 * Keeps the list scrolled to its end while the person is at the end, also when the list changes size because a pane or
 * a phone's keyboard opens. `actions.js` clears `list.atEnd` to show a message elsewhere in the list.
 */
function stayAtEnd(list) {
  const size = () => `${list.clientHeight} ${list.scrollHeight}`;
  let settled;
  const settle = () => {
    if (list.atEnd) list.scrollTop = list.scrollHeight;
    settled = size();
  };
  const sizes = new ResizeObserver(settle);
  const observe = () => {
    for (const item of list.children) sizes.observe(item);
    settle();
  };
  list.atEnd = true;
  sizes.observe(list);
  observe();
  new MutationObserver(observe).observe(list, { childList: true });
  list.addEventListener('scroll', () => {
    // A reflow also causes scroll events; if the size is unchanged, the person scrolled.
    if (size() === settled) list.atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
  });
}

function Message({ message, isMarked }) {
  const { ts, user, blocks, text, edited, onlyFor, replies } = message;
  const name = authorOf(message);
  const classes = ['message', onlyFor && 'ephemeral', isMarked && 'marked'].filter(Boolean).join(' ');
  const moment = new Date(Number(ts) * 1000).toISOString();
  const written = (format) => formatDate(Number(ts), format, now());
  const block = (each) =>
    html`<${Block} block=${each} press=${(action, which) => press(ts, action, which)} />`;
  const words = () => html`<p class="text">${mrkdwn(text)}${edited && html`<small> (edited)</small>`}</p>`;
  const thread = () => html`
    <button type="button" class="thread-link" onClick=${() => openThread(ts)}>
      ${replies === 1 ? '1 reply' : `${replies} replies`}
    </button>
  `;
  return html`
    <article class=${classes} tabindex="-1" aria-label="Message from ${name}" aria-current=${isMarked || undefined}>
      <div class="avatar" aria-hidden="true" data-of=${user ? 'person' : 'app'}>${name[0]}</div>
      <div class="content">
        ${onlyFor && html`<p class="aside">Only visible to you</p>`}
        ${message.isReply && html`<p class="aside">replied to a thread</p>`}
        <header>
          <strong>${name}</strong>
          ${!user && html`<span class="badge">APP</span>`}
          <time datetime=${moment} title=${written('{date_long} at {time_secs}')}>${written('{time}')}</time>
        </header>
        ${blocks ? blocks.map(block) : (text || edited) && words()}
        ${message.files?.map((each) => html`<${File} ...${each} />`)}
        ${warningOf(message.warning)}
        ${replies > 0 && thread()}
      </div>
    </article>
  `;
}

function File({ id, name, title, size }) {
  const address = `/page/file/${id}?person=${encodeURIComponent(page.person)}`;
  return html`
    <div class="file">
      <div class="words">
        <strong>${title}</strong>
        <small>${title === name ? '' : `${name} · `}${sizeOf(size)}</small>
      </div>
      <a href=${address} download=${name}>Download<span class="unseen"> ${name}</span></a>
    </div>
  `;
}

/** Returns a text such as `34 bytes` or `1.2 kB`. */
function sizeOf(bytes) {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
