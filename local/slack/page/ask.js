// Asks the local Slack's server, and says on the page what it would not do, or that it is silent.
// Called by `page.js` for whatever it fetches and does.

export function notice(text) {
  document.getElementById('notice').textContent = text;
}

export async function ask(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    notice('The local Slack does not answer.');
    return undefined;
  }
}

/** Whether it could be done; if not, the page says why. */
export async function post(what, body) {
  const response = await ask(`/page/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (response && !response.ok) notice((await response.json()).error);
  return response?.ok ?? false;
}
