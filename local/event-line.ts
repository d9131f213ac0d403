// One event of the local world as one line to read: the time, who, what, and what belongs to it. `npm start` prints
// them, the demo too where something went wrong.
import type { LogEvent } from './world.ts';

export function line({ source, event, ...fields }: LogEvent, at: Date): string {
  const details = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return [at.toISOString().slice(11, 23), source.padEnd(9), event.replaceAll('_', ' '), ...details].join(
    '  ',
  );
}
