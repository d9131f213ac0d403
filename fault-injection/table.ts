// Formats the results of `npm run faults` as a Markdown table, with a row per call and a column per fault type. Each
// entry shows how the system recovered, or the kinds of violations in capitals.
import type { CaseResult, Row } from './cases.ts';
import { faultTypes } from './fault-types.ts';

export function asTable(rows: readonly Row[], played: readonly CaseResult[]): string {
  const resultOf = (row: Row, faultType: string) => {
    const found = played.find(
      ({ testCase }) => testCase.row.name === row.name && testCase.faultType === faultType,
    );
    if (!found) return '';
    const kinds = [...new Set(found.violations.map(({ kind }) => kind))];
    return kinds.length > 0 ? `**${kinds.join(', ').toUpperCase()}**` : found.recovery;
  };
  const lines = rows
    .filter(({ name }) => played.some(({ testCase }) => testCase.row.name === name))
    .map((row) => [row.name, ...faultTypes.map((faultType) => resultOf(row, faultType))]);
  const head = ['call', ...faultTypes];
  return [head, head.map(() => '---'), ...lines].map((columns) => `| ${columns.join(' | ')} |`).join('\n');
}
