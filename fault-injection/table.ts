// Formats the results of `npm run faults` as Markdown tables. Each entry shows how the system recovered, or the kinds of
// violations in capitals.
import type { CaseResult, Row } from './cases.ts';
import { faultTypes } from './fault-types.ts';
import type { StateCase, StateResult } from './state-cases.ts';
import { stories } from './stories.ts';
import type { Violation } from './violation.ts';

/** A row per call and a column per fault type. */
export function asTable(rows: readonly Row[], played: readonly CaseResult[]): string {
  const resultOf = (row: Row, faultType: string) => {
    const found = played.find(
      ({ testCase }) => testCase.row.name === row.name && testCase.faultType === faultType,
    );
    return found ? entry(found.violations, found.recovery) : '';
  };
  const lines = rows
    .filter(({ name }) => played.some(({ testCase }) => testCase.row.name === name))
    .map((row) => [row.name, ...faultTypes.map((faultType) => resultOf(row, faultType))]);
  return table(['call', ...faultTypes], lines);
}

export function stateRow({ state, moment }: StateCase): string {
  return `${state}, ${moment}`;
}

/** A row per state and moment, and a column per story. */
export function asStateTable(played: readonly StateResult[]): string {
  const names = Object.keys(stories).filter((story) =>
    played.some(({ testCase }) => testCase.story === story),
  );
  const rows = [...new Set(played.map(({ testCase }) => stateRow(testCase)))].toSorted();
  const resultOf = (row: string, story: string) => {
    const found = played.find(({ testCase }) => stateRow(testCase) === row && testCase.story === story);
    return found ? entry(found.violations, found.outcome) : '';
  };
  return table(
    ['state', ...names],
    rows.map((row) => [row, ...names.map((story) => resultOf(row, story))]),
  );
}

export function kindsOf(violations: readonly Violation[]): string {
  return [...new Set(violations.map(({ kind }) => kind))].join(', ');
}

function entry(violations: readonly Violation[], otherwise: string): string {
  return violations.length > 0 ? `**${kindsOf(violations).toUpperCase()}**` : otherwise;
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...lines].map((columns) => `| ${columns.join(' | ')} |`).join('\n');
}
