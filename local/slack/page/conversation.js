// Shows the conversation one looks at: its messages, or what is said while there are none, and whether one writes there.
// Called by `page.js` with each new state; in the app's Home there is no conversation to see.
import { showMessages } from './messages.js';

const at = (id) => document.getElementById(id);

/** `dressed(message)` adds what the page alone knows of it. */
export function showConversation(view, conversation, app, { dressed, workspace, doings }) {
  const shown = conversation.shown();
  const isDirect = view === 'direct';
  at('conversation').hidden = view === 'home';
  at('first').hidden = isDirect || shown.length > 0 || !app.example;
  at('first-direct').hidden = !isDirect || shown.length > 0;
  at('example').textContent = app.example;
  at('first-direct').textContent = `${app.name} has written nothing to you alone yet.`;
  at('say').hidden = view !== 'channel';
  at('read-only').hidden = !isDirect;
  showMessages(at('messages'), shown.map(dressed), workspace, doings);
}
