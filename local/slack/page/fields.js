// The fields of a modal: each a label, an input, its hint and, where the last try was refused, its error.
// Called by `modal.js`.
import { boxes } from './boxes.js';
import { element } from './element.js';
import { withEmoji } from './emoji.js';

/** `typed` is what stood in fields of the same name before the app changed the modal. */
export function field({ block_id: block, label, element: asked, hint, optional }, at, typed, workspace) {
  const id = `field-${at}`;
  const name = asked.action_id;
  const title = [withEmoji(label.text), optional && element('span', { className: 'aside' }, ' (optional)')];
  const error = element('p', { id: `${id}-error`, className: 'error', hidden: true });
  const help = hint && element('p', { id: `${id}-hint`, className: 'aside hint' }, withEmoji(hint.text));
  const properties = { className: 'field', 'data-block': block };
  if (asked.type === 'checkboxes')
    return element('fieldset', properties, ...boxes(asked, id, title, typed[name], workspace), error, help);
  const input = inputs[asked.type](asked, workspace);
  Object.assign(input, { id, name, required: !optional });
  input.value = typed[name] ?? initialOf(asked);
  if (help) input.setAttribute('aria-describedby', help.id);
  return element('div', properties, element('label', { htmlFor: id }, ...title), input, error, help);
}

const initialOf = (asked) =>
  asked.initial_value ?? asked.initial_option?.value ?? asked.initial_user ?? asked.initial_date ?? '';

const inputs = {
  plain_text_input: ({ multiline, placeholder }) =>
    element(multiline ? 'textarea' : 'input', { rows: multiline && 4, placeholder: placeholder?.text }),
  // Not of type number: what is no number is the person's mistake to see, not the browser's to swallow.
  number_input: ({ is_decimal_allowed: decimal, placeholder }) =>
    element('input', { inputMode: decimal ? 'decimal' : 'numeric', placeholder: placeholder?.text }),
  static_select: ({ options, placeholder }) =>
    picker(
      placeholder?.text ?? 'Select an option',
      options.map(({ text, value }) => [value, withEmoji(text.text)]),
    ),
  users_select: ({ placeholder }, { pickable }) =>
    picker(
      placeholder?.text ?? 'Select a user',
      pickable.map(({ id, name }) => [id, name]),
    ),
  // A browser's own has no room for a placeholder.
  datepicker: () => element('input', { type: 'date' }),
};

function picker(nothing, options) {
  return element(
    'select',
    {},
    [['', nothing], ...options].map(([value, label]) => element('option', { value }, label)),
  );
}

/** By name: a text, or of checkboxes the values of those that are ticked. */
export function valuesIn(form) {
  const filledIn = new FormData(form);
  const lists = [...form.querySelectorAll('[data-boxes]')].map(({ dataset }) => [
    dataset.boxes,
    filledIn.getAll(dataset.boxes),
  ]);
  return { ...Object.fromEntries(filledIn), ...Object.fromEntries(lists) };
}

export function showErrors(form, errors) {
  for (const place of form.querySelectorAll('.field')) showError(place, errors[place.dataset.block]);
  form.querySelector('[aria-invalid="true"]')?.focus();
}

function showError(place, error) {
  const input = place.querySelector('input, textarea, select');
  const message = place.querySelector('.error');
  const hint = place.querySelector('.hint');
  message.hidden = error === undefined;
  message.textContent = error ?? '';
  input.setAttribute('aria-invalid', String(error !== undefined));
  const described = [error !== undefined && message.id, hint?.id].filter(Boolean).join(' ');
  if (described) input.setAttribute('aria-describedby', described);
  else input.removeAttribute('aria-describedby');
}
