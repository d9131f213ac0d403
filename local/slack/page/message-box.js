// The box in which a person types a message, a reply or a command. Enter sends the text; if sending fails, the text is put
// back into the box. A slash opens the list of commands, as in Slack. Drawn by `app.js`.
import { html, useRef, useState } from './preact.js';

export function MessageBox({ id, label, autofocus, hidden, say, commands = [] }) {
  const box = useRef();
  const [typed, setTyped] = useState('');
  const [marked, setMarked] = useState(0);
  const offered = /^\/\S*$/.test(typed) ? commands.filter(({ name }) => name.startsWith(typed)) : [];

  const write = (text) => {
    box.current.value = text;
    setTyped(text);
    setMarked(0);
  };
  const complete = (command) => write(`${command.name} `);
  const send = async () => {
    const text = box.current.value;
    if (text.trim() === '') return;
    write('');
    if (!(await say(text)) && box.current.value === '') write(text);
  };
  const onKeyDown = (event) => {
    const { key, shiftKey, isComposing } = event;
    // Shift+Enter inserts a line break; Enter in an input method selects a word.
    if (isComposing || shiftKey) return;
    const command = offered[marked];
    const action = {
      Enter: command && command.name !== typed ? () => complete(command) : send,
      ...(command && {
        Tab: () => complete(command),
        ArrowDown: () => setMarked((marked + 1) % offered.length),
        ArrowUp: () => setMarked((marked + offered.length - 1) % offered.length),
        // The text stays.
        Escape: () => setTyped(''),
      }),
    }[key];
    if (!action) return;
    event.preventDefault();
    void action();
  };
  const option = (command, at) => html`
    <li key=${command.name} id="${id}-command-${at}" role="option" aria-selected=${String(at === marked)}
      onMouseDown=${(event) => event.preventDefault()} onClick=${() => complete(command)}>
      <strong>${command.name}</strong> ${command.usageHint} <small>${command.description}</small>
    </li>
  `;
  return html`
    <div class="box" hidden=${hidden}>
      ${offered.length > 0 && html`<ul id="${id}-commands" role="listbox" aria-label="Commands">${offered.map(option)}</ul>`}
      <textarea id=${id} ref=${box} rows="1" aria-label=${label} placeholder=${label} autofocus=${autofocus}
        aria-autocomplete=${commands.length > 0 ? 'list' : undefined}
        aria-controls=${offered.length > 0 ? `${id}-commands` : undefined}
        aria-activedescendant=${offered.length > 0 ? `${id}-command-${marked}` : undefined}
        onInput=${({ target }) => {
          setTyped(target.value);
          setMarked(0);
        }} onKeyDown=${onKeyDown} />
    </div>
  `;
}
