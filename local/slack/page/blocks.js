// Draws the blocks of Block Kit, with buttons that can be pressed.
// Called for each message that has blocks, for the app's Home and for modals.
import { Chart } from './chart.js';
import { withEmoji } from './emoji.js';
import { html, render, useState } from './preact.js';
import { textObject } from './text.js';

/** A press of a button calls `press(actionId, which)`; `which` tells apart buttons that share an action. */
export function Block({ block, press }) {
  const { type, block_id: blockId, text, fields, elements = [], accessory } = block;
  const button = (each) =>
    html`<${Button} key=${each.action_id + each.value} ...${each} press=${press} blockId=${blockId} />`;
  const picture = (each) => html`<img src=${each.image_url} alt=${each.alt_text} />`;
  const words = (each) => html`<div class="text">${textObject(each)}</div>`;
  const parts = {
    divider: () => html`<hr />`,
    header: () => html`<h3>${textObject(text)}</h3>`,
    context: () => elements.map((each) => html`<span>${textObject(each)}</span>`),
    actions: () => elements.map(button),
    section: () => html`
      <div class="words">
        ${text && words(text)}
        ${fields && html`<div class="fields">${fields.map(words)}</div>`}
      </div>
      ${accessory && (accessory.type === 'image' ? picture(accessory) : button(accessory))}
    `,
    data_visualization: () => html`<${Chart} title=${block.title} chart=${block.chart} />`,
    rich_text: () => elements.map((each) => html`<pre>${each.elements.map((one) => one.text)}</pre>`),
  };
  return html`<div class="block ${type}" data-block=${blockId}>${parts[type]()}</div>`;
}

function Button({ text, style = '', action_id: actionId, value, url, confirm, blockId, press }) {
  const [busy, setBusy] = useState();
  const click = async () => {
    if (busy || (confirm && !(await askFirst(confirm)))) return;
    if (url) window.open(url, '_blank', 'noopener,noreferrer');
    setBusy('true');
    await press(actionId, { value, blockId });
    setBusy();
  };
  // The attribute `disabled` would drop the focus, so a busy button has `aria-disabled` instead.
  return html`
    <button type="button" class=${style} data-action=${actionId} data-value=${value ?? ''} aria-disabled=${busy}
      onClick=${click}>${withEmoji(text.text)}</button>
  `;
}

/** Shows the dialog of the button's confirm object; resolves to true if the person confirms. */
function askFirst({ title, text, confirm, deny, style = 'primary' }) {
  const place = document.body.appendChild(document.createElement('div'));
  return new Promise((resolve) => {
    const close = ({ target }) => {
      place.remove();
      resolve(target.returnValue === 'yes');
    };
    const dialog = html`
      <dialog aria-labelledby="confirm-title" onClose=${close}>
        <form method="dialog">
          <h2 id="confirm-title">${withEmoji(title.text)}</h2>
          <p class="fill">${textObject(text)}</p>
          <footer>
            <button value="no" class="">${withEmoji(deny.text)}</button>
            <button value="yes" class=${style}>${withEmoji(confirm.text)}</button>
          </footer>
        </form>
      </dialog>
    `;
    render(dialog, place);
    place.firstChild.showModal();
  });
}
