// The fields of a modal or of Home: each a label, an input, its hint and, after a refused submission, its error.
// Drawn by `modal.js` and `app.js`. Text that the person typed is kept when the app updates the modal.
import { withEmoji } from './emoji.js';
import { html, useState } from './preact.js';
import { page } from './store.js';
import { textObject } from './text.js';

export function Field({ block, id, error }) {
  const { label, element: asked, hint, optional, block_id: blockId } = block;
  const [value, setValue] = useState(initialOf(asked));
  const isWrong = error !== undefined;
  const described = [isWrong && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const marks = { 'aria-describedby': described || undefined, 'aria-invalid': String(isWrong) };
  const title = html`${withEmoji(label.text)}${optional && html`<span class="aside"> (optional)</span>`}`;
  const notes = html`
    <p id="${id}-error" class="error" hidden=${!isWrong}>${error}</p>
    ${hint && html`<p id="${id}-hint" class="aside hint">${withEmoji(hint.text)}</p>`}
  `;
  if (asked.type === 'checkboxes')
    return html`
      <fieldset class="field" data-block=${blockId}>
        <legend>${title}</legend>
        <${Boxes} asked=${asked} id=${id} ticked=${value} tick=${setValue} marks=${marks} />
        ${notes}
      </fieldset>
    `;
  const type = ({ target }) => setValue(target.value);
  const input = { id, name: asked.action_id, required: !optional, ...marks, value, onInput: type };
  return html`
    <div class="field" data-block=${blockId}>
      <label for=${id}>${title}</label>
      ${inputs[asked.type](asked, input)}
      ${notes}
    </div>
  `;
}

const initialOf = (asked) =>
  asked.type === 'checkboxes'
    ? (asked.initial_options ?? []).map(({ value }) => value)
    : (asked.initial_value ?? asked.initial_option?.value ?? asked.initial_user ?? asked.initial_date ?? '');

function Boxes({ asked: { action_id: name, options }, id, ticked, tick, marks }) {
  const onInput = ({ target: { value, checked } }) =>
    tick([...ticked.filter((each) => each !== value), ...(checked ? [value] : [])]);
  const box = ({ text, value, description }, at) => html`
    <label class="box">
      <input type="checkbox" id="${id}-${at}" name=${name} value=${value} checked=${ticked.includes(value)}
        ...${at === 0 && marks} onInput=${onInput} />
      <span>${textObject(text)}${description && html`<small>${textObject(description)}</small>`}</span>
    </label>
  `;
  return html`<div data-boxes=${name}>${options.map(box)}</div>`;
}

const inputs = {
  plain_text_input: ({ multiline, placeholder }, input) =>
    multiline
      ? html`<textarea rows="4" placeholder=${placeholder?.text} ...${input} />`
      : html`<input placeholder=${placeholder?.text} ...${input} />`,
  // A text input, because a number input would send invalid text as an empty value.
  number_input: ({ is_decimal_allowed: decimal, placeholder }, input) =>
    html`<input inputMode=${decimal ? 'decimal' : 'numeric'} placeholder=${placeholder?.text} ...${input} />`,
  static_select: ({ options, placeholder }, input) =>
    picker(placeholder?.text ?? 'Select an option', input, options.map(optionOf)),
  users_select: ({ placeholder }, input) =>
    picker(placeholder?.text ?? 'Select a user', input, page.state.pickable),
  // The browser's date input shows no placeholder.
  datepicker: (_, input) => html`<input type="date" ...${input} />`,
};

const optionOf = ({ text, value }) => ({ id: value, name: withEmoji(text.text) });

const picker = (nothing, input, options) => html`
  <select ...${input}>
    <option value="">${nothing}</option>
    ${options.map(({ id, name }) => html`<option value=${id}>${name}</option>`)}
  </select>
`;

/** The form's values by name: a text, or for checkboxes the values of the ticked ones. */
export function valuesIn(form) {
  const filledIn = new FormData(form);
  const values = Object.fromEntries(filledIn);
  for (const { dataset } of form.querySelectorAll('[data-boxes]'))
    values[dataset.boxes] = filledIn.getAll(dataset.boxes);
  return values;
}
