// The table that `npm run faults` prints, in Markdown: a row a call, a column a way to fail, in each cell what made it
// good, or what broke.
import type { Played, Row } from './cases.ts';
import { ways } from './fault-types.ts';

export function asTable(rows: readonly Row[], played: readonly Played[]): string {
  const cellOf = (row: Row, way: string) => {
    const found = played.find(({ cell }) => cell.row.name === row.name && cell.way === way);
    if (!found) return '';
    const kinds = [...new Set(found.breaches.map(({ kind }) => kind))];
    return kinds.length > 0 ? `**${kinds.join(', ').toUpperCase()}**` : found.word;
  };
  const lines = rows
    .filter(({ name }) => played.some(({ cell }) => cell.row.name === name))
    .map((row) => [row.name, ...ways.map((way) => cellOf(row, way))]);
  const head = ['call', ...ways];
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
