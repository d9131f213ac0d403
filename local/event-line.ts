// Formats one event of the local world as one line: the time, the source, the event and its fields. `npm start` prints
// these lines, and the demo prints them after a failure.
import type { LogEvent } from './world.ts';

/** Fields that the line omits, because only programs use them. */
const UNREAD = new Set(['invocation', 'message', 'messageId']);

export function line(event: LogEvent, at: Date): string {
  const { source, event: what, ...fields } = spoken(event);
  const details = Object.entries(fields)
    .filter(([name, value]) => value !== undefined && value !== '' && !UNREAD.has(name))
    .map(([name, value]) => `${name}=${readable(typeof value === 'string' ? value : JSON.stringify(value))}`);
  return [at.toISOString().slice(11, 23), source.padEnd(7), what.replaceAll('_', ' '), ...details].join('  ');
}

/** Turns a JSON entry in a function's log into an event of its own; returns any other event unchanged. */
function spoken(event: LogEvent): LogEvent {
  if (event.event !== 'function_logged' || typeof event['line'] !== 'string') return event;
  try {
    const { event: what, ...fields } = JSON.parse(event['line']);
    return { source: 'log', event: String(what), function: event['function'], ...fields };
  } catch {
    return event;
  }
}

/** Removes the stack's name and CDK's hash from a resource's name. */
function readable(value: string): string {
  return value.replace(/^Countersign-[a-z0-9-]+?-([A-Z]\w*?)[0-9A-F]{8}$/, '$1');
}
