// The cloud's state as JSON, as often as it is kept: executions that are over are most of it, and do not change, so
// their text is made once. `startCloud` keeps the state with it.
import type { CloudState, Execution } from './state.ts';

export function stateText(): (state: CloudState) => string {
  const made = new WeakMap<Execution, { readonly events: number; readonly text: string }>();

  function textOf(execution: Execution): string {
    if (execution.status === 'RUNNING') return JSON.stringify(execution);
    // A redrive, and an end after it, are in the history.
    const events = execution.history.length;
    const before = made.get(execution);
    if (before?.events === events) return before.text;
    const text = JSON.stringify(execution);
    made.set(execution, { events, text });
    return text;
  }

  return ({ executions, ...others }) => {
    const texts = Object.entries(executions).map(([arn, one]) => `${JSON.stringify(arn)}:${textOf(one)}`);
    return `{"executions":{${texts.join(',')}},${JSON.stringify(others).slice(1)}`;
  };
}
