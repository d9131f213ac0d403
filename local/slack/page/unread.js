// Which messages came while a person looked elsewhere, or was another person: those below the line that says "New".
// Called by `page.js`; how far each person has read lasts as long as the tab.
const key = 'read';
const end = '~';
const read = JSON.parse(sessionStorage.getItem(key) ?? '{}');
let opened;
let since = end;
let until = end;

const last = (messages) => messages.at(-1)?.ts ?? '';

/** That person looks at the channel now: what came since the last look is new, what comes from now on is not. */
export function arrive(person, messages) {
  opened ??= last(messages);
  since = read[person] ?? opened;
  until = last(messages);
}

/** That person looks elsewhere: whatever comes is new. */
export function leave(person) {
  since = read[person] ?? end;
  until = end;
}

/** The person did something, and so has seen it all. */
export function done() {
  since = end;
}

/** The new ones among the messages of the channel this person sees. */
export function unreadOf(messages, person) {
  if (document.visibilityState === 'visible' && opened !== undefined) {
    read[person] = last(messages);
    sessionStorage.setItem(key, JSON.stringify(read));
  }
  return messages.filter(({ ts, user }) => ts > since && ts <= until && user !== person);
}
