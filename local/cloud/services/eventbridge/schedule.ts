// Reads a ScheduleExpression, of which only rates are supported. `resource-readers.ts` calls it.

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Returns the milliseconds between two events. The unit is singular only after 1:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function readRate(expression: string, refuse: (finding: string) => void): number {
  const [, count, unit = '', plural] = /^rate\(([1-9]\d*) ([a-z]+?)(s?)\)$/.exec(expression) ?? [];
  const each = units[unit];
  if (each !== undefined && (count === '1') === (plural === '')) return Number(count) * each;
  refuse(`ScheduleExpression ${expression} is not supported, only a rate such as rate(5 minutes)`);
  return Infinity;
}
