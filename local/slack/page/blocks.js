// Makes elements of Block Kit's blocks, with buttons that can be pressed.
// Called by `messages.js` for each message that has blocks, by `home.js` and by `modal.js`.
import { askFirst } from './confirm.js';
import { element } from './element.js';
import { withEmoji } from './emoji.js';
import { textObject } from './text.js';

/** `press(actionId, which)` is called for its buttons, `which` with what tells those apart that share an action. */
export function showBlock(block, workspace, press) {
  const pressIn = (actionId, value) => press(actionId, { value, blockId: block.block_id });
  const shown = showers[block.type](block, workspace, pressIn);
  return element('div', { className: `block ${block.type}`, 'data-block': block.block_id }, shown);
}

/**
 * The button in what was made anew that is the one it was before: of the same action and value, and where several are,
 * of the same block. One that means something else is not it, as Enter may be pressed twice.
 */
export function sameButton(place, before) {
  const blockOf = (each) => each.closest('[data-block]')?.dataset.block;
  const alike = [...place.querySelectorAll('[data-action]')].filter(
    ({ dataset: { action, value } }) => action === before.dataset.action && value === before.dataset.value,
  );
  return alike.length > 1 ? alike.find((each) => blockOf(each) === blockOf(before)) : alike[0];
}

const showers = {
  divider: () => element('hr'),
  header: ({ text }, workspace) => element('h3', {}, textObject(text, workspace)),
  context: ({ elements }, workspace) =>
    elements.map((each) => element('span', {}, textObject(each, workspace))),
  actions: ({ elements }, workspace, press) => elements.map((each) => button(each, workspace, press)),
  section: ({ text, fields, accessory }, workspace, press) => [
    element(
      'div',
      { className: 'words' },
      text && element('div', { className: 'text' }, textObject(text, workspace)),
      fields &&
        element(
          'div',
          { className: 'fields' },
          fields.map((each) => element('div', { className: 'text' }, textObject(each, workspace))),
        ),
    ),
    accessory && button(accessory, workspace, press),
  ],
};

function button({ text, style, action_id: actionId, value, url, confirm }, workspace, press) {
  const properties = {
    type: 'button',
    className: style ?? '',
    'data-action': actionId,
    'data-value': value ?? '',
  };
  const made = element('button', properties, withEmoji(text.text));
  made.addEventListener('click', async () => {
    if (made.ariaDisabled === 'true') return;
    if (confirm && !(await askFirst(confirm, workspace))) return;
    if (url) window.open(url, '_blank', 'noopener,noreferrer');
    // Not `disabled`, which would drop the focus.
    made.ariaDisabled = 'true';
    await press(actionId, value);
    made.ariaDisabled = 'false';
  });
  return made;
}
