// Formats the last day of an absence. Home and the messages about delegations show it.

/** Formats a date without line breaks in it. @param date such as `2026-11-30` */
export function endOfDay(date: string): string {
  // Created only when needed, because creating it slows a cold start, and most presses do not need it.
  const format = new Intl.DateTimeFormat('en-US', { dateStyle: 'long', timeZone: 'UTC' });
  return format.format(new Date(date)).replaceAll(' ', '\u00A0');
}
