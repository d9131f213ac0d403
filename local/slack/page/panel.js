// The panel beside the channel: the states of an execution's definition, the current one marked, and its history.
// Drawn by `app.js`.
import { closePanel, pick } from './actions.js';
import { formatDate } from './dates.js';
import { html } from './preact.js';
import { now, page } from './store.js';

const words = { current: 'now', passed: 'passed', failed: 'failed' };
/** As the console of Step Functions says it: `TIMED_OUT` becomes `Timed out`. */
const wordOf = (status) => status.charAt(0) + status.slice(1).toLowerCase().replace('_', ' ');
const timeOf = (moment) => formatDate(moment / 1000, '{time_secs}', now());

export function Panel() {
  const { panel, execution } = page;
  const { states = [], executions = [], shown } = page.workflow;
  const optionOf = ({ name, status, startedAt }) =>
    html`<option key=${name} value=${name}>${timeOf(startedAt)} · ${name}, ${wordOf(status)}</option>`;
  return html`
    <aside id="panel" class="pane" aria-label="Execution" hidden=${!panel}>
      <div class="top">
        <h2>Execution</h2>
        <${CloseButton} id="close-panel" label="Close panel" close=${closePanel} />
      </div>
      <div class="scroll" tabindex="0" role="group" aria-label="States and history">
        <p class="which">
          <label for="execution">Show</label>${' '}
          <select id="execution" value=${execution} onChange=${({ target }) => pick(target.value)}>
            <option value="">${executions.length > 0 ? 'The newest' : 'None yet'}</option>
            ${executions.map(optionOf)}
          </select>
        </p>
        <p id="status">${shown && `${shown.name}: ${wordOf(shown.status)}`}</p>
        <h3>States</h3>
        <ol id="states">${states.map((each) => stateRow(each, states, shown))}</ol>
        <h3>History, newest first</h3>
        <ol id="history">${shown && visitsOf(shown.history).toReversed().map(visitRow)}</ol>
      </div>
    </aside>
  `;
}

export const CloseButton = ({ id, label, close }) => html`
  <button type="button" id=${id} class="quiet" onClick=${close}>
    <span class="back">Back</span><span class="unseen wide">${label}</span>${' '}
    <span class="wide" aria-hidden="true">×</span>
  </button>
`;

function stateRow({ name, next, branch }, states, shown) {
  const progress = shown?.progress[name];
  const isBranch = (target) => states.find((each) => each.name === target)?.branch;
  const leadsHere = states.flatMap((each) => each.next).filter((each) => each.state === name && each.when);
  const jumps = next.filter(({ state, when }) => when && !isBranch(state));
  const note = branch
    ? leadsHere.map(({ when }) => when)
    : jumps.map(({ state, when }) => `${when}: straight to ${state}`);
  const current = progress === 'current' ? 'step' : undefined;
  return html`
    <li class=${branch ? 'branch' : ''} data-progress=${progress} aria-current=${current}>
      <span class="mark"></span>
      <span class="state">${name}</span>
      ${progress && html`<span class="word">${words[progress]}</span>`}
      ${note.length > 0 && html`<small>${[...new Set(note)].join('; ')}</small>`}
    </li>
  `;
}

/** The events of each visit to a state; events of the execution itself are visits of one event. */
function visitsOf(history) {
  const visits = [];
  for (const event of history) {
    const last = visits.at(-1);
    if (event.state && event.state === last?.state && event.what !== 'Entered') last.events.push(event);
    else visits.push({ state: event.state, events: [event] });
  }
  return visits;
}

/** A visit that is over without an error is folded. */
function visitRow({ state, events }) {
  const [first] = events;
  const last = events.at(-1);
  if (!state) return html`<li key=${first.id}>${timeElement(first.at)} <div>${eventText(first)}</div></li>`;
  const isOver = last.what === 'Exited';
  const hasError = events.some(({ error }) => error);
  const seconds = ((last.at - first.at) / 1000).toFixed(1);
  return html`
    <li key=${first.id}>
      <details open=${!isOver || hasError}>
        <summary>${timeElement(first.at)} <strong>${state}</strong>${isOver && ` · ${seconds} s`}</summary>
        <ol>${events.toReversed().map((event) => html`<li key=${event.id}>${timeElement(event.at)} <div>${eventText(event)}</div></li>`)}</ol>
      </details>
    </li>
  `;
}

const timeElement = (at) => html`<time datetime=${new Date(at).toISOString()}>${timeOf(at)}</time>`;

const eventText = ({ what, error, cause }) => html`
  ${what}${error && html`<p class="error">${[error, cause].filter(Boolean).join(': ')}</p>`}
`;
