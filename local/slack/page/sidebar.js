// The side list: the conversations one can look at, with how much is new in each.
// Started by `page.js`, which shows it anew with each state.

const entries = () => document.querySelectorAll('nav .entry');

export function startSidebar(choose) {
  for (const entry of entries()) entry.addEventListener('click', () => choose(entry.dataset.view));
}

/** `labels` and `counts` are by the name of the view. */
export function showSidebar(view, labels, counts) {
  for (const entry of entries()) {
    const name = entry.dataset.view;
    entry.ariaCurrent = name === view ? 'true' : null;
    entry.querySelector('.label').textContent = labels[name];
    const count = entry.querySelector('.count');
    count.hidden = counts[name] === 0;
    count.textContent = count.hidden ? '' : `${counts[name]} new`;
  }
}
