// Compares the log events that the deployed code writes with docs/reference/log-events.md, in both directions. The names are read
// from the sources, so that an event that no test causes is found too.
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codeIn, currentDocuments, tablesIn } from '../support/markdown.ts';

const REFERENCE = 'docs/reference/log-events.md';

const sources = new Map(
  globSync('{bot,functions,aws,slack,domain}/**/*.ts').map((file) => [file, readFileSync(file, 'utf8')]),
);

interface LogCall {
  readonly file: string;
  /** What `log` gets first. */
  readonly argument: string;
  /** Empty if the test does not understand the argument. */
  readonly events: readonly string[];
}

const names = (code: string, pattern: RegExp) => [...code.matchAll(pattern)].map(([, name = '']) => name);

/** A name that a function returns: `log(notAskedEvent(…), …)`. */
function eventsReturnedBy(name: string): readonly string[] {
  const declared = new RegExp(`^(?:export )?function ${name}\\([\\s\\S]*?^}`, 'm');
  return [...sources.values()].flatMap((code) =>
    names(declared.exec(code)?.[0] ?? '', /'([a-z]+_[a-z_]+)'/g),
  );
}

/** A name that a function of the same file gets: `const refuse = (event: string, …) => { log(event, …); }`. */
function eventsPassedAs(parameter: string, code: string): readonly string[] {
  const [wrapper] = names(code, new RegExp(`const (\\w+) = \\(${parameter}: string\\b`, 'g'));
  return wrapper ? names(code, new RegExp(`\\b${wrapper}\\(\\s*'([a-z_]+)'`, 'g')) : [];
}

function eventsOf(argument: string, code: string): readonly string[] {
  const [literal] = names(argument, /^'([a-z_]+)'$/g);
  if (literal) return [literal];
  const [called] = names(argument, /^(\w+)\($/g);
  return called ? eventsReturnedBy(called) : eventsPassedAs(argument, code);
}

const calls: readonly LogCall[] = [...sources].flatMap(([file, code]) =>
  // Without `Math.log(…)`, and with `dependencies.log(…)`.
  names(code, /(?<!\bMath\.)\blog\(\s*('[^']*'|\w+\(?)/g).map((argument) => ({
    file,
    argument,
    events: eventsOf(argument, code),
  })),
);

const written = [...new Set(calls.flatMap(({ events }) => events))].toSorted();

/** The first column of the tables of events in a document. */
const tabulated = (file: string) =>
  tablesIn(file)
    .filter(({ columns }) => columns[0] === 'event')
    .flatMap(({ rows }) => rows.flatMap(([event = '']) => codeIn(event)));

describe('log events', () => {
  it('are found in the sources, whether their names are in the call or elsewhere', () => {
    expect(calls.length).toBeGreaterThan(60);
    expect(calls.filter(({ events }) => events.length === 0)).toEqual([]);
    expect(written).toEqual(expect.arrayContaining(['execution_started', 'request_not_understood']));
    expect(written).toEqual(expect.arrayContaining(['approval_not_asked_in_time', 'policy_not_allowed']));
  });

  it('are written by one function, and nothing else writes to the log', () => {
    const writers = [...sources].filter(([, code]) =>
      /\bprocess\.std(?:out|err)\b|\bconsole\.\w+\(/.test(code),
    );
    expect(writers.map(([file]) => file)).toEqual(['aws/log.ts']);
  });

  it('are all in the reference, once each, and no others', () => {
    expect(tabulated(REFERENCE).toSorted()).toEqual(written);
  });

  it('have in the reference when they are written, their fields and what to do', () => {
    const incomplete = tablesIn(REFERENCE)
      .filter(({ columns }) => columns[0] === 'event')
      .flatMap(({ columns, rows }) => {
        expect(columns.filter((column) => column !== 'in the log of')).toEqual([
          'event',
          'when',
          'fields',
          'what to do',
        ]);
        return rows.filter((row) => row.length !== columns.length || row.includes(''));
      });
    expect(incomplete).toEqual([]);
  });

  it.each(currentDocuments)('exist if %s names them', (file) => {
    const text = readFileSync(file, 'utf8');
    // Slack's own events are no log events.
    const inText = names(text, /\b[Ee]vents?\s+`([a-z]+(?:_[a-z]+)*)`/g).filter(
      (name) => name !== 'app_home_opened',
    );
    const named = [...inText, ...tabulated(file)];
    expect(named.filter((name) => !written.includes(name))).toEqual([]);
  });
});
