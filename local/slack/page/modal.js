// The modal open before the person: made anew only when the app changes it, so that what was typed stays.
// Called by `page.js` with each new state.
import { sameButton, showBlock } from './blocks.js';
import { element } from './element.js';
import { withEmoji } from './emoji.js';
import { field, showErrors, valuesIn } from './fields.js';

const trouble = 'We had some trouble connecting. Try again?';
let open;
/** Closed here already; the server may not know it yet. */
let dismissed;

/** `doings` are `submit(values)`, `press(viewId, actionId, which, values)` and `close()`. */
export function showModal(modal, workspace, doings) {
  if (open && open.id !== modal?.id) forget();
  if (!modal || modal.id === dismissed) return;
  const isNew = !open;
  open ??= start(modal.id, doings);
  if (open.hash !== modal.hash) fill(open, modal, workspace, doings.press);
  if (isNew) open.dialog.showModal();
  const said = JSON.stringify([modal.errors, modal.failed]);
  if (open.said === said) return;
  open.said = said;
  showErrors(open.form, modal.errors ?? {});
  open.form.querySelector('.trouble').textContent = modal.failed ? trouble : '';
}

function forget() {
  const { dialog } = open;
  open = undefined;
  dialog.close();
}

function start(id, doings) {
  const form = element('form', { noValidate: true });
  const dialog = element('dialog', { className: 'modal', 'aria-labelledby': 'modal-title' }, form);
  const made = { id, dialog, form };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const submit = form.querySelector('[type="submit"]');
    if (submit.ariaDisabled === 'true') return;
    submit.ariaDisabled = 'true';
    await doings.submit(valuesIn(form));
    submit.ariaDisabled = 'false';
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    // What opened it may be gone by now.
    if (document.activeElement === document.body)
      [...document.querySelectorAll('main .list')].find((list) => list.checkVisibility())?.focus();
    if (open !== made) return;
    open = undefined;
    dismissed = id;
    doings.close();
  });
  document.body.append(dialog);
  return made;
}

function fill(made, modal, workspace, press) {
  const { form, dialog } = made;
  const { title, submit, close, blocks } = modal;
  const typed = valuesIn(form);
  const before = form.contains(document.activeElement) && document.activeElement;
  const cancel = element(
    'button',
    { type: 'button' },
    withEmoji(close?.text ?? (submit ? 'Cancel' : 'Close')),
  );
  cancel.addEventListener('click', () => dialog.close());
  form.replaceChildren(
    element('h2', { id: 'modal-title' }, withEmoji(title.text)),
    element(
      'div',
      { className: 'fill' },
      blocks.map((block, at) =>
        block.type === 'input'
          ? field(block, at, typed, workspace)
          : showBlock(block, workspace, (actionId, which) =>
              press(modal.id, actionId, which, valuesIn(form)),
            ),
      ),
    ),
    element('p', { className: 'trouble', role: 'alert' }),
    element(
      'footer',
      {},
      cancel,
      submit && element('button', { className: 'primary', type: 'submit' }, withEmoji(submit.text)),
    ),
  );
  made.hash = modal.hash;
  made.said = undefined;
  if (before) sameIn(form, before)?.focus();
}

/** The field or the button in the form made anew that is the one it was before. */
function sameIn(form, before) {
  if (before.dataset.action) return sameButton(form, before);
  return [...form.elements].find(
    ({ name, type, value }) =>
      name && name === before.name && (type !== 'checkbox' || value === before.value),
  );
}
