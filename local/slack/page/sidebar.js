// The side list: the channel and the app, with how much is new in each.
// Started by `page.js`, which shows it anew with each state.

const entries = () => document.querySelectorAll('nav .entry');

export function startSidebar(choose) {
  for (const entry of entries()) entry.addEventListener('click', () => choose(entry.dataset.view));
}

/** `labels` and `counts` are by the name of the view. */
export function showSidebar(view, labels, counts) {
  for (const entry of entries()) {
    const name = entry.dataset.view;
    const isHere = name === view || (name === 'direct' && view === 'home');
    entry.ariaCurrent = isHere ? 'true' : null;
    entry.querySelector('.label').textContent = labels[name];
    const count = entry.querySelector('.count');
    count.hidden = counts[name] === 0;
    count.textContent = count.hidden ? '' : `${counts[name]} new`;
  }
}
