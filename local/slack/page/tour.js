// The tour: three steps for somebody who sees the page for the first time. Once closed, it stays closed in this browser.
// Drawn by `app.js`.
import { html, useRef, useState } from './preact.js';
import { page } from './store.js';

const KEY = 'tour';

const steps = () => {
  const { app, people, hasWorkflow } = page.state;
  const [first, second] = people;
  return [
    app.example
      ? html`<strong>Make a request.</strong> As ${first.name}, type <code>${app.example}</code> below and press Enter.`
      : html`<strong>Make a request.</strong> Start an execution. Its request appears here.`,
    html`<strong>Decide as somebody else.</strong> Choose ${second.name} under You are, and press a button of the message.`,
    html`<strong>See what follows.</strong> The replies under the message have the result${hasWorkflow && ', and the panel Execution shows each state'}.`,
  ];
};

/** How many requests and replies of the app the person sees. */
const seen = () => {
  const ofApp = page.state.messages.filter(({ bot, onlyFor }) => bot && !onlyFor);
  const replies = ofApp.filter(({ threadTs }) => threadTs).length;
  return { requests: ofApp.length - replies, replies };
};

export function Tour() {
  const [chosen, setStep] = useState(localStorage.getItem(KEY) === 'closed' ? undefined : 0);
  const before = useRef(seen());
  if (chosen === undefined) return undefined;
  const all = steps();
  // What people do goes on with the tour, as Next does.
  const now = seen();
  const done = now.replies > before.current.replies ? 2 : Number(now.requests > before.current.requests);
  const step = Math.max(chosen, done);
  const isLast = step === all.length - 1;
  const close = () => {
    localStorage.setItem(KEY, 'closed');
    setStep(undefined);
  };
  return html`
    <section id="tour" aria-label="Tour">
      <p><span class="step">${step + 1} of ${all.length}</span> ${all[step]}</p>
      <div>
        ${!isLast && html`<button type="button" onClick=${() => setStep(step + 1)}>Next</button>`}
        <button type="button" class=${isLast ? '' : 'quiet'} onClick=${close}>Close tour</button>
      </div>
    </section>
  `;
}
