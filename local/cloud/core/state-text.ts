// Converts the cloud's state to JSON text, for `startCloud` to save it. Most of the state is ended executions. They
// rarely change, so their text is cached.
import type { CloudState, Execution } from './state.ts';

export function stateText(): (state: CloudState) => string {
  const made = new WeakMap<Execution, { readonly events: number; readonly text: string }>();

  function textOf(execution: Execution): string {
    if (execution.status === 'RUNNING') return JSON.stringify(execution);
    // Only a redrive changes an ended execution, and each redrive adds events to the history. So the cached text is
    // current if the number of events is the same.
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
