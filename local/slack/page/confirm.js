// The dialog a button's confirm object asks for; closing it in any way but one means no.
// Called by `blocks.js` before such a button is pressed.
import { element } from './element.js';
import { withEmoji } from './emoji.js';
import { textObject } from './text.js';

/** @returns {Promise<boolean>} */
export function askFirst({ title, text, confirm, deny, style }, workspace) {
  const dialog = element(
    'dialog',
    { 'aria-labelledby': 'confirm-title' },
    element(
      'form',
      { method: 'dialog' },
      element('h2', { id: 'confirm-title' }, withEmoji(title.text)),
      element('p', { className: 'fill' }, textObject(text, workspace)),
      element('footer', {}, answer('no', '', deny), answer('yes', style ?? 'primary', confirm)),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}

function answer(value, className, label) {
  return element('button', { value, className }, withEmoji(label.text));
}
