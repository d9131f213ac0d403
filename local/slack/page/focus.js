// Moves the focus to a nearby element when a draw removes the focused element.
// Called by `page.js` around each draw.

export function keepFocus(draw) {
  const before = document.activeElement;
  const around = before.closest('[data-ts], form, .list');
  const list = before.closest('.list');
  draw();
  if (before === document.body || document.activeElement !== document.body) return;
  const place = around?.isConnected ? around : undefined;
  const next = (place && sameButton(place, before)) ?? place?.querySelector('article') ?? list;
  (next ?? shownList())?.focus({ preventScroll: true });
}

/** The visible list of messages, or the visible Home. */
export const shownList = () =>
  [...document.querySelectorAll('main .list')].find((list) => list.checkVisibility());

/**
 * The button with the same action and value as `before`; if there are several, the button in the same block.
 * No other button may get the focus, because a second Enter would then press it unintentionally.
 */
function sameButton(place, before) {
  const blockOf = (each) => each.closest('[data-block]')?.dataset.block;
  const { action, value } = before.dataset;
  const alike = [...place.querySelectorAll('[data-action]')].filter(
    ({ dataset }) => dataset.action === action && dataset.value === value,
  );
  return alike.length > 1 ? alike.find((each) => blockOf(each) === blockOf(before)) : alike[0];
}
