// The tabs of the app's own place, its Home and its messages: one is chosen by a click or by the arrow keys.
// Started by `page.js`, which shows them anew with each state.

const list = document.getElementById('tabs');
const tabs = [...list.children];

export function startTabs(choose) {
  for (const tab of tabs) tab.addEventListener('click', () => choose(tab.dataset.view));
  list.addEventListener('keydown', ({ key }) => {
    if (key !== 'ArrowLeft' && key !== 'ArrowRight') return;
    const other = tabs.find((tab) => tab !== document.activeElement);
    other.focus();
    choose(other.dataset.view);
  });
}

/** Outside the app's place, and where it has no Home, there are none. */
export function showTabs(view, { hasHome, app }) {
  const shown = hasHome && view !== 'channel';
  list.hidden = !shown;
  list.ariaLabel = app.name;
  for (const tab of tabs) {
    const chosen = tab.dataset.view === view;
    tab.ariaSelected = String(chosen);
    tab.tabIndex = chosen ? 0 : -1;
  }
  const messages = document.getElementById('conversation');
  messages.role = shown ? 'tabpanel' : null;
  if (shown) messages.setAttribute('aria-labelledby', 'tab-direct');
  else messages.removeAttribute('aria-labelledby');
}
