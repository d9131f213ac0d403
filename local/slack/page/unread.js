// Which messages came while a person looked elsewhere, or was another person: those below the line that says "New".
// Called by `page.js` for each place, a conversation as one person sees it; what was read lasts as long as the tab.
const key = 'read';
const end = '~';
const read = JSON.parse(sessionStorage.getItem(key) ?? '{}');
let looked;
let since = end;
let until = end;

const last = (messages) => messages.at(-1)?.ts ?? '';

/** Looks at that place from now on: what came since the last look is new, what comes from now on is not. */
export function arrive(place, messages, unreadFrom) {
  looked = place;
  since = read[place] ?? unreadFrom;
  until = last(messages);
}

/** The person did something, and so has seen all that is there. */
export function done() {
  since = end;
}

/** The new ones among the messages of a place; of one never looked at, those after `unreadFrom`. */
export function unreadIn(place, messages, person, unreadFrom) {
  const ofOthers = messages.filter(({ user }) => user !== person);
  if (place !== looked || document.visibilityState !== 'visible')
    return ofOthers.filter(({ ts }) => ts > (read[place] ?? unreadFrom));
  read[place] = last(messages);
  sessionStorage.setItem(key, JSON.stringify(read));
  return ofOthers.filter(({ ts }) => ts > since && ts <= until);
}
