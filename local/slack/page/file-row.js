// A file of a message, as a row: what it is, how large, and a link to download it.
// Called by `messages.js` for each file.
import { element } from './element.js';

export function fileRow({ id, name, title, size }, { addressOf }) {
  return element(
    'div',
    { className: 'file' },
    element(
      'div',
      { className: 'words' },
      element('strong', {}, title),
      element('small', {}, title === name ? sizeOf(size) : `${name} · ${sizeOf(size)}`),
    ),
    element(
      'a',
      { href: addressOf(id), download: name },
      'Download',
      element('span', { className: 'unseen' }, ` ${name}`),
    ),
  );
}

const units = ['bytes', 'kB', 'MB'];

/** 34 bytes, 1.2 kB. */
function sizeOf(bytes) {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const amount = bytes / 1000 ** step;
  return `${step === 0 ? amount : amount.toFixed(1)} ${units[step]}`;
}
