// The table that `npm run faults` prints, in Markdown: a row a call, a column a way to fail, in each cell what made it
// good, or what broke.
import type { CaseResult, Row } from './cases.ts';
import { faultTypes } from './fault-types.ts';

export function asTable(rows: readonly Row[], played: readonly CaseResult[]): string {
  const cellOf = (row: Row, faultType: string) => {
    const found = played.find(
      ({ testCase }) => testCase.row.name === row.name && testCase.faultType === faultType,
    );
    if (!found) return '';
    const kinds = [...new Set(found.violations.map(({ kind }) => kind))];
    return kinds.length > 0 ? `**${kinds.join(', ').toUpperCase()}**` : found.word;
  };
  const lines = rows
    .filter(({ name }) => played.some(({ testCase }) => testCase.row.name === name))
    .map((row) => [row.name, ...faultTypes.map((faultType) => cellOf(row, faultType))]);
  const head = ['call', ...faultTypes];
  return [head, head.map(() => '---'), ...lines].map((cases) => `| ${cases.join(' | ')} |`).join('\n');
}
