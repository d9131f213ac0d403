// Reads the documents for the tests that compare them with the code.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The documents of the repository, without those that tell its past. */
export const currentDocuments = execFileSync('git', [
  'ls-files',
  '--cached',
  '--others',
  '--exclude-standard',
  '*.md',
])
  .toString()
  .trim()
  .split('\n')
  .filter((file) => file !== 'CHANGELOG.md' && !file.startsWith('docs/adr/'));

export interface MarkdownTable {
  /** The heading above the table, without `#`. */
  readonly heading: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function tablesIn(file: string): readonly MarkdownTable[] {
  const tables: MarkdownTable[] = [];
  let heading = '';
  let lines: string[] = [];
  // The empty line ends a table at the end of the file.
  for (const line of [...readFileSync(file, 'utf8').split('\n'), '']) {
    if (line.startsWith('#')) heading = line.replace(/^#+ /, '');
    if (line.startsWith('|')) {
      lines.push(line);
      continue;
    }
    const [columns, , ...rows] = lines.map(cellsOf);
    if (columns) tables.push({ heading, columns, rows });
    lines = [];
  }
  return tables;
}

function cellsOf(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** What the cell or the text has between backticks. */
export function codeIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}
