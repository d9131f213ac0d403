// One event of the local world as one line to read: the time, who, what, and what belongs to it. `npm start` prints
// them, the demo too where something went wrong.
import type { LogEvent } from './world.ts';

/** Fields that only a machine reads. */
const UNREAD = new Set(['invocation', 'message', 'messageId']);

export function line(event: LogEvent, at: Date): string {
  const { source, event: what, ...fields } = spoken(event);
  const details = Object.entries(fields)
    .filter(([name, value]) => value !== undefined && value !== '' && !UNREAD.has(name))
    .map(([name, value]) => `${name}=${readable(typeof value === 'string' ? value : JSON.stringify(value))}`);
  return [at.toISOString().slice(11, 23), source.padEnd(7), what.replaceAll('_', ' '), ...details].join('  ');
}

/** What a function logged is its own event, not a quotation in another. */
function spoken(event: LogEvent): LogEvent {
  if (event.event !== 'function_logged' || typeof event['line'] !== 'string') return event;
  try {
    const { event: what, ...fields } = JSON.parse(event['line']);
    return { source: 'log', event: String(what), function: event['function'], ...fields };
  } catch {
    return event;
  }
}

/** Names as in the stack's code: without the stack's own name before and CloudFormation's hash behind. */
function readable(value: string): string {
  return value.replace(/^Countersign-[a-z0-9-]+?-([A-Z]\w*?)[0-9A-F]{8}$/, '$1');
}
