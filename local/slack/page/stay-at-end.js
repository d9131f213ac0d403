// Keeps a list of messages at its end for who stands there, also when it reflows: a pane opens beside it, a phone's
// keyboard comes up. Who has scrolled back is left where they are. Called by `page.js` for the channel and the thread.

/** Pixels that still count as the end. */
const NEAR = 40;

/** @returns {() => void} for whoever takes the person elsewhere in the list */
export function stayAtEnd(list) {
  const size = () => `${list.clientHeight} ${list.scrollHeight}`;
  let atEnd = true;
  let settled = size();
  const settle = () => {
    if (atEnd) list.scrollTop = list.scrollHeight;
    settled = size();
  };
  const sizes = new ResizeObserver(settle);
  sizes.observe(list);
  new MutationObserver(() => {
    for (const item of list.children) sizes.observe(item);
    settle();
  }).observe(list, { childList: true });
  list.addEventListener('scroll', () => {
    // A reflow scrolls too; only what moves within the same size was meant.
    if (size() === settled) atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
  });
  return () => {
    atEnd = false;
  };
}
