// The months (UTC) of a range of time. The audit is stored by month; its table and its export call this.

/** Returns every month from the first day or time to the last (ISO 8601), such as `2026-10` and `2026-11`. */
export function monthsFrom(from: string, to: string): readonly string[] {
  const months: string[] = [];
  const at = new Date(`${from.slice(0, 7)}-01`);
  while (at.toISOString().slice(0, 7) <= to) {
    months.push(at.toISOString().slice(0, 7));
    at.setUTCMonth(at.getUTCMonth() + 1);
  }
  return months;
}
