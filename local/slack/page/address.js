// The page's address: a permalink leads to its message, and a link to one is followed without leaving the page.
// Called by `page.js`: https://docs.slack.dev/reference/methods/chat.getPermalink

/** `lead(conversation, ts, threadTs)` is called for a permalink's address, and for no other. */
export function startAddress(lead) {
  const follow = () => {
    const { pathname, search } = location;
    const [, conversation, seconds, rest] = /^\/archives\/(\w+)\/p(\d{10})(\d{6})$/.exec(pathname) ?? [];
    if (conversation) lead(conversation, `${seconds}.${rest}`, new URLSearchParams(search).get('thread_ts'));
  };
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href]');
    if (!link || event.ctrlKey || event.metaKey) return;
    const { origin, pathname } = new URL(link.href);
    if (origin !== location.origin || !pathname.startsWith('/archives/')) return;
    event.preventDefault();
    history.pushState(null, '', link.href);
    follow();
  });
  window.addEventListener('popstate', follow);
  return follow;
}
