// The conversations that a person can open, by view: the channels, the direct messages with the app, and its Home.
// Called by `actions.js` with each new state. The browser's session storage keeps which messages each person has read.
import { html, render } from './preact.js';
import { authorOf } from './store.js';
import { mrkdwn } from './text.js';

/** The `ts` of the last message that was read, by person and conversation. */
const read = JSON.parse(sessionStorage.getItem('read') ?? '{}');
/** The `ts` of the channels' last message when the page was opened; only later messages can be unread. */
let opened;
/** The person and conversation on the screen; messages after `since`, up to `until`, are new to the person. */
let looked;
let since;
let until;

const last = (messages) => messages.at(-1)?.ts ?? '';

export function conversationsOf({ person, channels, app, messages, directMessages }) {
  opened ??= last(messages);
  const conversation = (name, label, all, unreadFrom) => {
    const place = `${person} ${name}`;
    const top = all.filter(({ threadTs, broadcast }) => !threadTs || broadcast);
    const repliesTo = (ts) => all.filter(({ threadTs }) => threadTs === ts);
    return {
      label,
      /** Messages and broadcast replies, each with its number of replies. Other replies are left out. */
      shown: () =>
        top.map((each) => ({ ...each, replies: repliesTo(each.ts).length, isReply: Boolean(each.threadTs) })),
      thread(ts) {
        const root = all.find((each) => each.ts === ts);
        return root && [root, ...repliesTo(ts)];
      },
      look() {
        looked = place;
        since = read[place] ?? unreadFrom;
        until = last(top);
      },
      unread() {
        const ofOthers = top.filter(({ user }) => user !== person);
        if (place !== looked || document.visibilityState !== 'visible')
          return ofOthers.filter(({ ts }) => ts > (read[place] ?? unreadFrom));
        read[place] = last(top);
        sessionStorage.setItem('read', JSON.stringify(read));
        return ofOthers.filter(({ ts }) => ts > since && ts <= until);
      },
    };
  };
  const inChannel = (id) => messages.filter(({ channel }) => channel === id);
  return {
    ...Object.fromEntries(
      channels.map(({ id, name }) => [id, conversation(id, `# ${name}`, inChannel(id), opened)]),
    ),
    direct: conversation('direct', app.name, directMessages, ''),
    // Home has no messages, so opening it marks none as read.
    home: conversation('home', app.name, [], ''),
  };
}

/** After an action of the person, no message on the screen is new any more: `~` sorts after every `ts`. */
export function done() {
  since = '~';
}

const allOf = ({ messages, directMessages }) => [...messages, ...directMessages];

/** Messages that others wrote or changed since the state `before`, as text for a screen reader; empty if none. */
export function newsSince(before, state) {
  const known = new Map(allOf(before).map(({ ts, text }) => [ts, text]));
  const news = allOf(state).filter(({ ts, text, user }) => known.get(ts) !== text && user !== state.person);
  const lines = news.map((each) => {
    const place = document.createElement('p');
    const text = each.text || each.files?.map(({ title }) => title).join(', ') || '';
    render(html`${authorOf(each)}: ${mrkdwn(text)}`, place);
    return place.textContent;
  });
  return lines.join('\n');
}
