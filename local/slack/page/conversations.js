// What one can look at, by the name of the view: the channel, the direct messages with the app, and its Home.
// Made by `page.js` of each new state.
import { arrive, unreadIn } from './unread.js';

/** The channel's last message when the page was opened: what is older is not new. */
let opened;

export function conversationsOf({ person, channel, app, messages, directMessages }) {
  opened ??= messages.at(-1)?.ts ?? '';
  return {
    channel: conversation(`${person} channel`, `# ${channel.name}`, messages, person, opened),
    direct: conversation(`${person} direct`, app.name, directMessages, person, ''),
    // No messages stand there: what is new elsewhere stays new.
    home: conversation(`${person} home`, app.name, [], person, ''),
  };
}

function conversation(place, label, messages, person, unreadFrom) {
  const top = messages.filter(({ threadTs, broadcast }) => !threadTs || broadcast);
  const repliesTo = (ts) => messages.filter((each) => each.threadTs === ts);
  return {
    label,
    /** What stands in it, replies in threads counted with their message. */
    shown: () =>
      top.map((each) => ({
        ...each,
        replies: repliesTo(each.ts).length,
        repliedTo: Boolean(each.threadTs),
      })),
    thread: (ts) => {
      const root = messages.find((each) => each.ts === ts);
      return root && [root, ...repliesTo(ts)];
    },
    look: () => arrive(place, top, unreadFrom),
    unread: () => unreadIn(place, top, person, unreadFrom),
  };
}
