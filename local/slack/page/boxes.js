// Boxes to tick under one title: what the app calls checkboxes.
// Called by `fields.js` for a field of that kind.
import { element } from './element.js';
import { textObject } from './text.js';

/** `ticked` are the values that were ticked before the app changed the modal. */
export function boxes(
  { action_id: name, options, initial_options: initial = [] },
  id,
  title,
  ticked,
  workspace,
) {
  const chosen = ticked ?? initial.map(({ value }) => value);
  return [
    element('legend', {}, ...title),
    element(
      'div',
      { 'data-boxes': name },
      options.map(({ text, value, description }, at) =>
        element(
          'label',
          { className: 'box' },
          element('input', {
            type: 'checkbox',
            id: `${id}-${at}`,
            name,
            value,
            checked: chosen.includes(value),
          }),
          element(
            'span',
            {},
            textObject(text, workspace),
            description && element('small', {}, textObject(description, workspace)),
          ),
        ),
      ),
    ),
  ];
}
