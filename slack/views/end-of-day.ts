// Formats the last day of an absence. Home and the messages about delegations show it.
import type { Preferences } from '../../domain/out-of-office.ts';

/** Returns a text such as `November 30, 2026 (Australia/Sydney)`, without line breaks in the date. */
export function endOfDay({
  outUntil = '',
  timeZone = 'UTC',
}: Pick<Preferences, 'outUntil' | 'timeZone'>): string {
  // Created only when needed, because creating it slows a cold start, and most presses do not need it.
  const format = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' });
  const day = format.format(new Date(outUntil)).replaceAll(' ', '\u00A0');
  return `${day} (${timeZone.replaceAll('_', ' ')})`;
}
