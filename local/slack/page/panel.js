// The panel beside the channel: an execution's states as its definition has them, the current one lit, and its history.
// Started by `page.js`, which passes it word of each change.
import { formatDate } from './dates.js';
import { element } from './element.js';

const at = (id) => document.getElementById(id);
/** Where there is room for one pane beside the channel. */
const narrow = matchMedia('(max-width: 1200px)');
/** Where a pane takes the channel’s place (page.css), and so waits until it is asked for. */
const small = matchMedia('(max-width: 800px)');
const words = { current: 'now', passed: 'passed', failed: 'failed' };

/** `beforeOpening` makes room where there is room for one pane only. */
export function startPanel({ ask, now, beforeOpening }) {
  const refresh = oneAtATime(async () => {
    const response = await ask(`/page/workflow?execution=${encodeURIComponent(at('execution').value)}`);
    if (response?.ok) show(await response.json(), now());
  });
  const toggle = (open) => {
    if (open && narrow.matches) beforeOpening();
    at('panel').hidden = !open;
    at('show-panel').ariaExpanded = String(open);
  };
  at('execution').addEventListener('change', () => void refresh());
  at('show-panel').addEventListener('click', () => toggle(at('panel').hidden));
  at('close-panel').addEventListener('click', () => {
    toggle(false);
    at('show-panel').focus();
  });
  return {
    introduce() {
      at('show-panel').hidden = false;
      narrow.addEventListener('change', () => narrow.matches && !at('thread').hidden && toggle(false));
      small.addEventListener('change', () => toggle(!small.matches));
      toggle(!small.matches);
      void refresh();
    },
    makeWay: () => narrow.matches && toggle(false),
    /** Where it would hide what is to be looked at. */
    giveRoom: () => small.matches && toggle(false),
    refresh,
  };
}

/** What comes while one is under way is one more, after it. */
function oneAtATime(work) {
  let running = false;
  let again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await work();
    }
    running = false;
  };
}

function show({ states, executions, shown }, now) {
  remade(at('execution'), executions, () => options(executions, now));
  at('status').textContent = shown ? `${shown.name}: ${wordOf(shown.status)}` : '';
  remade(at('states'), [states, shown?.progress], () => states.map((each) => showState(each, states, shown)));
  remade(at('history'), shown?.history, () => showHistory(shown?.history ?? [], now));
}

/** Made anew only if what it shows has changed; a picker keeps what is picked. */
function remade(place, what, make) {
  const version = JSON.stringify(what) ?? '';
  if (place.version === version) return;
  const { value } = place;
  place.replaceChildren(...make());
  place.version = version;
  if (typeof value === 'string') place.value = value;
}

function options(executions, now) {
  const follow = element('option', { value: '' }, executions.length > 0 ? 'The newest' : 'None yet');
  return [
    follow,
    ...executions.map(({ name, status, startedAt }) => {
      const when = formatDate(startedAt / 1000, '{time_secs}', now);
      return element('option', { value: name }, `${when} · ${name}, ${wordOf(status)}`);
    }),
  ];
}

/** `TIMED_OUT` is `timed out`. */
const wordOf = (status) => status.toLowerCase().replace('_', ' ');

function showState({ name, next, branch }, states, shown) {
  const progress = shown?.progress[name];
  const isBranch = (target) => states.find((each) => each.name === target)?.branch;
  const leadsHere = states.flatMap((each) => each.next).filter((each) => each.state === name && each.when);
  const jumps = next.filter(({ state, when }) => when && !isBranch(state));
  const note = branch
    ? leadsHere.map(({ when }) => when)
    : jumps.map(({ state, when }) => `${when}: straight to ${state}`);
  return element(
    'li',
    {
      className: branch ? 'branch' : '',
      'data-progress': progress,
      'aria-current': progress === 'current' && 'step',
    },
    element('span', { className: 'mark' }),
    element('span', { className: 'state' }, name),
    progress && element('span', { className: 'word' }, words[progress]),
    note.length > 0 && element('small', {}, note.join('; ')),
  );
}

function showHistory(history, now) {
  return history
    .toReversed()
    .map(({ at: moment, state, what, error, cause }) =>
      element(
        'li',
        {},
        element(
          'time',
          { dateTime: new Date(moment).toISOString() },
          formatDate(moment / 1000, '{time_secs}', now),
        ),
        element(
          'div',
          {},
          state && [element('strong', {}, state), ' · '],
          what,
          error && element('p', { className: 'error' }, [error, cause].filter(Boolean).join(': ')),
        ),
      ),
    );
}
