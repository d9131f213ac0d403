// Shows the app's Home as it was published for the person, made anew only if it has changed.
// Called by `page.js` with each new state.
import { sameButton, showBlock } from './blocks.js';
import { element } from './element.js';
import { warnings } from './messages.js';

export function showHome(place, home, workspace, press) {
  const version = JSON.stringify(home) ?? '';
  if (place.version === version) return;
  const { activeElement } = document;
  const hadFocus = place !== activeElement && place.contains(activeElement);
  place.replaceChildren(...(home ? published(home, workspace, press) : [nothing()]));
  place.version = version;
  if (hadFocus) (sameButton(place, activeElement) ?? place).focus({ preventScroll: true });
}

function published({ id, blocks, warning }, workspace, press) {
  return [
    ...blocks.map((block) => showBlock(block, workspace, (actionId, which) => press(id, actionId, which))),
    ...(warning
      ? [element('p', { className: 'warning', role: 'alert' }, `⚠️ ${warnings[warning] ?? warning}`)]
      : []),
  ];
}

const nothing = () => element('p', { className: 'nothing' }, 'This is still a work in progress.');
