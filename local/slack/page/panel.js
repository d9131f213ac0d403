// The panel beside the channel: the states of an execution's definition, the current one marked, and its history.
// Drawn by `app.js`.
import { closePanel, pick } from './actions.js';
import { formatDate } from './dates.js';
import { html } from './preact.js';
import { now, page } from './store.js';

const words = { current: 'now', passed: 'passed', failed: 'failed' };
/** `TIMED_OUT` becomes `timed out`. */
const wordOf = (status) => status.toLowerCase().replace('_', ' ');
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
        <ol id="history">${shown?.history.toReversed().map(historyRow)}</ol>
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

const historyRow = ({ id, at, state, what, error, cause }) => html`
  <li key=${id}>
    <time datetime=${new Date(at).toISOString()}>${timeOf(at)}</time>
    <div>
      ${state && html`<strong>${state}</strong> · `}${what}
      ${error && html`<p class="error">${[error, cause].filter(Boolean).join(': ')}</p>`}
    </div>
  </li>
`;
