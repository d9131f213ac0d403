// The fields of a modal: each a label, an input, its hint and, where the last try was refused, its error.
// Called by `modal.js`.
import { element } from './element.js';
import { withEmoji } from './emoji.js';

/** `typed` is what stood in fields of the same name before the app changed the modal. */
export function field({ block_id: block, label, element: asked, hint, optional }, at, typed) {
  const id = `field-${at}`;
  const input = inputs[asked.type](asked);
  Object.assign(input, { id, name: asked.action_id, required: !optional });
  input.value = typed[asked.action_id] ?? asked.initial_value ?? asked.initial_option?.value ?? '';
  if (hint) input.setAttribute('aria-describedby', `${id}-hint`);
  return element(
    'div',
    { className: 'field', 'data-block': block },
    element(
      'label',
      { htmlFor: id },
      withEmoji(label.text),
      optional && element('span', { className: 'aside' }, ' (optional)'),
    ),
    input,
    element('p', { id: `${id}-error`, className: 'error', hidden: true }),
    hint && element('p', { id: `${id}-hint`, className: 'aside' }, withEmoji(hint.text)),
  );
}

const inputs = {
  plain_text_input: ({ multiline, placeholder }) =>
    element(multiline ? 'textarea' : 'input', { rows: multiline && 4, placeholder: placeholder?.text }),
  // Not of type number: what is no number is the person's mistake to see, not the browser's to swallow.
  number_input: ({ is_decimal_allowed: decimal, placeholder }) =>
    element('input', { inputMode: decimal ? 'decimal' : 'numeric', placeholder: placeholder?.text }),
  static_select: ({ options, placeholder }) =>
    element(
      'select',
      {},
      element('option', { value: '' }, placeholder?.text ?? 'Select an option'),
      options.map(({ text, value }) => element('option', { value }, withEmoji(text.text))),
    ),
};

export const valuesIn = (form) => Object.fromEntries(new FormData(form));

export function showErrors(form, errors) {
  for (const place of form.querySelectorAll('.field')) showError(place, errors[place.dataset.block]);
  form.querySelector('[aria-invalid="true"]')?.focus();
}

function showError(place, error) {
  const input = place.querySelector('input, textarea, select');
  const message = place.querySelector('.error');
  const hint = place.querySelector(`[id="${input.id}-hint"]`);
  message.hidden = error === undefined;
  message.textContent = error ?? '';
  input.setAttribute('aria-invalid', String(error !== undefined));
  const described = [error !== undefined && message.id, hint?.id].filter(Boolean).join(' ');
  if (described) input.setAttribute('aria-describedby', described);
  else input.removeAttribute('aria-describedby');
}
