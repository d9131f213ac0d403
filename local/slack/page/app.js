// The component of the whole page: the list of conversations, the open one, its thread, the panel and the modal.
// Drawn by `page.js` after each change.
import * as actions from './actions.js';
import { Block } from './blocks.js';
import { Field, valuesIn } from './fields.js';
import { MessageBox } from './message-box.js';
import { Messages, warningOf } from './messages.js';
import { Modal } from './modal.js';
import { CloseButton, Panel } from './panel.js';
import { html, useRef } from './preact.js';
import { isApp, page } from './store.js';
import { Tour } from './tour.js';

/** `news` has the new messages of each view. */
export function App({ news }) {
  const { state, view, person, panel, conversations, notice, announcement, closedModal } = page;
  const { about, channels, commands, people, modal } = state;
  const countOf = (name) => news[name].length > 0 && `${news[name].length} new`;
  const entry = (name, isHere) => html`
    <button type="button" key=${name} class="entry" aria-current=${isHere || undefined} onClick=${() => actions.enter(name)}>
      <span class="label">${conversations[name].label}</span>${' '}
      <span class="count" hidden=${!countOf(name)}>${countOf(name)}</span>
    </button>
  `;
  // Each channel has its own box, which keeps what was typed while another channel is open.
  const box = ({ id, name }) => html`
    <${MessageBox} key=${id} id="say-${id}" label="Message #${name}" autofocus hidden=${view !== id} say=${actions.say}
      commands=${commands} />
  `;
  return html`
    <nav aria-label="Workspace">
      <h1>Local Slack</h1>
      <h2>Channels</h2>
      ${channels.map(({ id }) => entry(id, view === id))}
      <h2>Apps</h2>
      ${entry('direct', isApp(view))}
      <p class="who">
        <label for="person">You are</label>${' '}
        <select id="person" value=${person} onChange=${({ target }) => actions.become(target.value)}>
          ${people.map(({ id, name, role }) => html`<option value=${id}>${name} · ${role}</option>`)}
        </select>
      </p>
      <p class="may">${people.find(({ id }) => id === person)?.may}</p>
    </nav>
    <main>
      <p id="about"><strong>This is not Slack</strong>, but a copy on your machine. ${about}</p>
      <div class="top">
        <h2 id="where">${conversations[view].label}</h2>
        <button type="button" id="show-panel" class="quiet" aria-controls="panel" aria-expanded=${String(panel)}
          hidden=${!state.hasWorkflow} onClick=${() => actions.showPanel(!panel)}>Execution</button>
      </div>
      <${Tour} />
      <${Place} firstNew=${news[view]?.[0]?.ts} />
      <p id="notice" role="status">${notice}</p>
      ${channels.map(box)}
      <p id="read-only" hidden=${view !== 'direct'}>Sending messages to this app has been turned off.</p>
    </main>
    <${Thread} />
    <${Panel} />
    <p id="announcement" class="unseen" aria-live="polite">${announcement}</p>
    ${modal && modal.id !== closedModal && html`<${Modal} key=${modal.id} modal=${modal} />`}
  `;
}

/** The open conversation: a channel or the app's messages. If the app has a Home, tabs lead to Home and to the messages. */
function Place({ firstNew }) {
  const { state, view, marked, conversations } = page;
  const { app, hasHome } = state;
  const messages = conversations[view].shown();
  const tabs = hasHome && isApp(view);
  return html`
    ${tabs && html`<${Tabs} label=${app.name} view=${view} />`}
    <div id="home" class="list" role="tabpanel" aria-labelledby="tab-home" tabindex="0" hidden=${view !== 'home'}>
      <${Home} home=${state.home} />
    </div>
    <div id="conversation" hidden=${view === 'home'} ...${tabs && { role: 'tabpanel', 'aria-labelledby': 'tab-direct' }}>
      <${Messages} key=${view} id="messages" label="Messages" messages=${messages} marked=${marked}
        firstNew=${firstNew} />
      <p id="first" hidden=${view === 'direct' || messages.length > 0 || !app.example}>
        Nothing here yet. Type <code>${app.example}</code> below and press Enter.
      </p>
      <p id="first-direct" hidden=${view !== 'direct' || messages.length > 0}>
        ${app.name} has written nothing to you alone yet.
      </p>
    </div>
  `;
}

/** The tabs of the app's Home and its messages. An arrow key selects the other tab. */
function Tabs({ label, view }) {
  const onKeyDown = ({ key, currentTarget }) => {
    if (key !== 'ArrowLeft' && key !== 'ArrowRight') return;
    const other = [...currentTarget.children].find((tab) => tab !== document.activeElement);
    other.focus();
    other.click();
  };
  const tab = (name, panel, text) => html`
    <button type="button" role="tab" id="tab-${name}" aria-controls=${panel} aria-selected=${String(view === name)}
      tabindex=${view === name ? 0 : -1} onClick=${() => actions.choose(name)}>${text}</button>
  `;
  return html`
    <div id="tabs" role="tablist" aria-label=${label} onKeyDown=${onKeyDown}>
      ${tab('home', 'home', 'Home')}
      ${tab('direct', 'conversation', 'Messages')}
    </div>
  `;
}

function Home({ home }) {
  const form = useRef();
  if (!home) return html`<p class="nothing">This is still a work in progress.</p>`;
  const press = (actionId, which) =>
    actions.press(home.id, actionId, which, form.current ? valuesIn(form.current) : undefined);
  const part = (block, at) =>
    block.type === 'input'
      ? html`<${Field} key=${block.element.action_id} block=${block} id="home-field-${at}" />`
      : html`<${Block} block=${block} press=${press} />`;
  const blocks = home.blocks.map(part);
  const hasFields = home.blocks.some(({ type }) => type === 'input');
  return html`
    ${hasFields ? html`<form noValidate ref=${form} onSubmit=${(event) => event.preventDefault()}>${blocks}</form>` : blocks}
    ${warningOf(home.warning)}
  `;
}

function Thread() {
  const { view, thread, marked, conversations } = page;
  const messages = conversations[view].thread(thread);
  return html`
    <section id="thread" class="pane" aria-label="Thread" hidden=${!messages}>
      <div class="top">
        <h2>Thread</h2>
        <${CloseButton} id="close-thread" label="Close thread" close=${actions.closeThread} />
      </div>
      <${Messages} key=${thread} id="replies" label="Thread’s messages" messages=${messages ?? []} marked=${marked} />
      <${MessageBox} id="reply" label="Reply…" hidden=${view === 'direct'} say=${actions.reply} />
    </section>
  `;
}
