// Compares the names of errors in the documents with the code: the errors that the code sends to Step Functions, those that the
// states of the trading workflow match, and the error classes of the deployed code. Each of them is documented, and each name
// that the documents explain exists.
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import workflow from '../../stack/trading/workflow.asl.json' with { type: 'json' };
import { codeIn, currentDocuments, tablesIn } from '../support/markdown.ts';

const sources = globSync('{bot,functions,aws,slack,domain}/**/*.ts').map((file) =>
  readFileSync(file, 'utf8'),
);
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = '']) => name);
const inCode = (pattern: RegExp) => sources.flatMap((code) => found(code, pattern));
const sorted = (names: readonly string[]) => [...new Set(names)].toSorted();

/** `class X extends Error`, or an error that is retried. */
const classes = sorted(inCode(/\bclass (\w+) extends (?:Error|RetryLater)\b/g));

/** What the code passes to SendTaskFailure. */
const sent = sorted(inCode(/\bfail\(\s*message\.TaskToken,\s*'(\w+)'/g));

interface State {
  readonly Type: string;
  readonly Error?: string;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[] }[];
}

const states: readonly State[] = Object.values(workflow.States);
const failures = states.flatMap(({ Error: error }) => error ?? []);
/** The others, such as `States.Timeout`, are those of Step Functions and of AWS. */
const matched = states
  .flatMap(({ Retry = [], Catch = [] }) => [...Retry, ...Catch].flatMap(({ ErrorEquals }) => ErrorEquals))
  .filter((error) => !error.includes('.'));
const ofWorkflow = sorted([...failures, ...matched]);

/** The first column of the tables of errors below a heading. */
const tabulated = (file: string, heading: string) =>
  sorted(
    tablesIn(file)
      .filter((table) => table.heading === heading && table.columns[0]?.startsWith('error'))
      .flatMap(({ rows }) => rows.flatMap(([error = '']) => codeIn(error))),
  );

const ours = new Set([...classes, ...sent, ...ofWorkflow]);
const isOfStepFunctions = (name: string) => name.startsWith('States.');

describe('errors', () => {
  it('are found in the code and in the workflow', () => {
    expect(sent).toEqual(['AboveLimit', 'InvalidRequest', 'PolicyNotAllowed']);
    // No error is sent whose name the pattern does not see.
    expect(inCode(/\bawait (fail)\(/g)).toHaveLength(sent.length);
    expect(ofWorkflow).toEqual(expect.arrayContaining(['DecisionNotUnderstood', 'OrderUnknown']));
    expect(classes.length).toBeGreaterThan(20);
  });

  it('keep their names in a minified bundle', () => {
    const named = inCode(
      /\bclass \w+ extends (?:Error|RetryLater) \{\s*override readonly name(?:: string)? = '(\w+)'/g,
    );
    expect(sorted(named)).toEqual(classes);
  });

  it('that a state gets from the code are in the contract, and no others', () => {
    const documented = tabulated('docs/reference/contract.md', 'Errors').filter(
      (name) => !isOfStepFunctions(name),
    );
    expect(documented).toEqual(sent);
  });

  it('of the trading workflow are in the runbook, and no others', () => {
    expect(tabulated('docs/operations/runbook.md', 'Errors of the trading workflow')).toEqual(ofWorkflow);
  });

  it('that the workflow matches are thrown by the code', () => {
    expect(sorted(matched).filter((name) => !classes.includes(name))).toEqual([]);
  });

  it('that a log can have are in the reference, and no others', () => {
    expect(tabulated('docs/reference/log-events.md', 'Errors in the field `error`')).toEqual(classes);
  });

  // The other two documents are about the errors of AWS.
  const aboutOurs = currentDocuments.filter(
    (file) => !/^docs\/(?:local-emulators|conformance)\.md$/.test(file),
  );
  it.each(aboutOurs)('exist if %s names them', (file) => {
    const text = readFileSync(file, 'utf8');
    const named = [
      ...found(text, /\b(?:[Tt]he )?errors?(?: of the state)?\s+`([A-Z]\w+)`/g),
      ...found(text, /\b(?:fails?|failed|ends?|ended)(?:\s+\w+)?\s+with\s+`([A-Z]\w+)`/g),
      // A heading of the runbook, or the beginning of a paragraph or a cell.
      ...found(text, /^#+ `?([A-Z][a-z]+(?:[A-Z][a-z]+)+)`?$/gm),
      ...found(text, /^`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`:/gm),
    ];
    expect(named.filter((name) => !ours.has(name))).toEqual([]);
  });

  it('are the only names of this form in the tables of symptoms', () => {
    const [, inAws] = tablesIn('docs/operations/troubleshooting.md');
    const named = (inAws?.rows ?? []).flatMap(([symptom = '']) => codeIn(symptom));
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !ours.has(name))).toEqual([]);
  });
});
