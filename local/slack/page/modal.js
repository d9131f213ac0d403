// The modal that is open for the person.
// Drawn by `app.js`. Text that the person typed is kept when the app updates the modal.
import { closeModal, press, submit } from './actions.js';
import { Block } from './blocks.js';
import { withEmoji } from './emoji.js';
import { Field, valuesIn } from './fields.js';
import { html, useLayoutEffect, useRef, useState } from './preact.js';

export function Modal({ modal }) {
  const { id, title, submit: send, close, blocks, errors = {}, failed } = modal;
  const [busy, setBusy] = useState();
  const dialog = useRef();
  const form = useRef();
  useLayoutEffect(() => {
    const { current } = dialog;
    current.showModal();
    // `close` returns the focus to the element that had it before the dialog opened.
    return () => current.close();
  }, []);
  const said = JSON.stringify([errors, failed]);
  useLayoutEffect(() => form.current.querySelector('[aria-invalid="true"]')?.focus(), [said]);
  const onSubmit = async (event) => {
    event.preventDefault();
    if (busy) return;
    setBusy('true');
    await submit(valuesIn(form.current));
    setBusy();
  };
  const onClose = ({ target }) => target.isConnected && closeModal(id);
  const pressIn = (actionId, which) => press(id, actionId, which, valuesIn(form.current));
  const part = (block, at) => {
    if (block.type !== 'input') return html`<${Block} block=${block} press=${pressIn} />`;
    const { element, block_id: blockId } = block;
    return html`<${Field} key=${element.action_id} block=${block} id="field-${at}" error=${errors[blockId]} />`;
  };
  return html`
    <dialog class="modal" aria-labelledby="modal-title" ref=${dialog} onClose=${onClose}>
      <form noValidate ref=${form} onSubmit=${onSubmit}>
        <h2 id="modal-title">${withEmoji(title.text)}</h2>
        <div class="fill">${blocks.map(part)}</div>
        <p class="trouble" role="alert">${failed && 'We had some trouble connecting. Try again?'}</p>
        <footer>
          <button type="button" onClick=${() => dialog.current.close()}>
            ${withEmoji(close?.text ?? (send ? 'Cancel' : 'Close'))}
          </button>
          ${send && html`<button class="primary" type="submit" aria-disabled=${busy}>${withEmoji(send.text)}</button>`}
        </footer>
      </form>
    </dialog>
  `;
}
