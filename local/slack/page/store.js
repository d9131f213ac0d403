// The state of the page: the server's last answer, and the person's current view.
// Read by the components; changed by `actions.js` and `page.js`, each change followed by a draw.

/**
 * `view` is the id of a channel, `direct` or `home`; the session storage keeps it across a reload. `tab` is the tab of
 * the App Home that was opened last: `home` or `direct`.
 * `marked` is the `ts` of the message that a permalink opened.
 */
export const page = { tab: 'home', panel: false, execution: '', workflow: {} };
page.person = sessionStorage.getItem('person') ?? '';
page.view = sessionStorage.getItem('view') ?? '';

/** Changes the state and draws the page; `page.js` sets `page.draw`. */
export function update(changes) {
  Object.assign(page, changes);
  if (page.state) page.draw();
}

export const isApp = (view) => view === 'direct' || view === 'home';
export const now = () => Date.now() + page.ahead;
export const nameOf = (id) => page.state.names[id];
export const authorOf = ({ user, bot }) => (user ? (nameOf(user) ?? user) : bot);
