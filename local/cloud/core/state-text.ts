// The cloud's state as JSON text. Most of it is ended executions, which do not change, so their text is cached.
// `startCloud` saves the state with it.
import type { CloudState, Execution } from './state.ts';

export function stateText(): (state: CloudState) => string {
  const made = new WeakMap<Execution, { readonly events: number; readonly text: string }>();

  function textOf(execution: Execution): string {
    if (execution.status === 'RUNNING') return JSON.stringify(execution);
    // Only a redrive changes an ended execution, and it makes the history longer. Same length: the cached text is
    // right.
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
