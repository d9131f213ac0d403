// A message box: Enter sends what stands in it, and what could not be sent stands there again.
// Called by `page.js` for the channel's box and the thread's.

/** `say(text)` tells whether it could be done. */
export function sayOnEnter(box, say) {
  box.addEventListener('keydown', async (event) => {
    // Shift makes a line; an input method's Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    const text = box.value;
    if (text.trim() === '') return;
    box.value = '';
    if (!(await say(text)) && box.value === '') box.value = text;
  });
}
