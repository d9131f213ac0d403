// Makes elements of Block Kit's blocks, with buttons that can be pressed.
// Called by `messages.js` for each message that has blocks.
import { askFirst } from './confirm.js';
import { element } from './element.js';
import { withEmoji } from './emoji.js';
import { textObject } from './text.js';

export function showBlock(block, workspace, press) {
  return element('div', { className: `block ${block.type}` }, showers[block.type](block, workspace, press));
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

function button({ text, style, action_id: actionId, url, confirm }, workspace, press) {
  const properties = { type: 'button', className: style ?? '', 'data-action': actionId };
  const made = element('button', properties, withEmoji(text.text));
  made.addEventListener('click', async () => {
    if (made.ariaDisabled === 'true') return;
    if (confirm && !(await askFirst(confirm, workspace))) return;
    if (url) window.open(url, '_blank', 'noopener,noreferrer');
    // Not `disabled`, which would drop the focus.
    made.ariaDisabled = 'true';
    await press(actionId);
    made.ariaDisabled = 'false';
  });
  return made;
}
