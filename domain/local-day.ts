// Days in a person's time zone. The rules for people who are out of office call it, because a person's day ends at
// midnight where they are.

/** Returns the day that it is in this time zone, such as `2026-11-30`. @param timeZone default: UTC */
export function localDay(now: Date, timeZone = 'UTC'): string {
  // This locale writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(now);
}

/** Whether `localDay` accepts the name. Slack may know a time zone that this version of Node.js does not. */
export function isTimeZone(name: string): boolean {
  try {
    localDay(new Date(0), name);
    return true;
  } catch {
    return false;
  }
}
