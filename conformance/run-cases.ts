// Runs cases one after the other and prints a table: same, DIFFERS or skipped. `run.ts` and `deployed.ts` call it. The
// gallery in Slack gets a table of the same form.
import { isDeepStrictEqual } from 'node:util';
import type { Aws } from './aws.ts';
import type { Case } from './case.ts';

export interface CaseResult {
  readonly name: string;
  readonly result: 'same' | 'DIFFERS' | 'skipped';
  /** What AWS answers and what was answered, or why the case was skipped. */
  readonly details: readonly string[];
}

export interface HowToRun {
  /** False: time is real, and cases with `localTimeOnly` are skipped. */
  readonly isTimeSimulated: boolean;
  readonly print: (line: string) => void;
  /** Stops before the next case. */
  readonly signal?: AbortSignal;
}

export async function runCases(
  cases: readonly Case[],
  aws: Aws,
  { isTimeSimulated, print, signal }: HowToRun,
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const one of cases) {
    signal?.throwIfAborted();
    const result = one.localTimeOnly && !isTimeSimulated ? skipped(one) : await verdictOn(one, aws);
    // An error that Ctrl-C caused is not a difference.
    signal?.throwIfAborted();
    results.push(result);
    printVerdict(result, print);
  }
  print(summaryOf(results));
  return results;
}

export function summaryOf(results: readonly CaseResult[]): string {
  const count = (wanted: CaseResult['result']) => results.filter(({ result }) => result === wanted).length;
  return `\n${count('same')} same, ${count('DIFFERS')} differ, ${count('skipped')} skipped`;
}

export function printVerdict({ name, result, details }: CaseResult, print: (line: string) => void): void {
  print(`${result.padEnd(8)} ${name}`);
  for (const line of details) print(`           ${line}`);
}

function skipped({ name }: Case): CaseResult {
  return {
    name,
    result: 'skipped',
    details: ['it waits for 15 minutes or longer, so it needs simulated time'],
  };
}

async function verdictOn({ name, source, calls, answer }: Case, aws: Aws): Promise<CaseResult> {
  const answered = await tried(calls(aws));
  // JSON removes members that are undefined, as in a response over HTTP.
  if (isDeepStrictEqual(onTheWire(answered), onTheWire(answer))) return { name, result: 'same', details: [] };
  const details = [
    `AWS:      ${JSON.stringify(answer)}`,
    `answered: ${JSON.stringify(answered)}`,
    `source:   ${source}`,
  ];
  return { name, result: 'DIFFERS', details };
}

async function tried(calls: Promise<unknown>): Promise<unknown> {
  try {
    return await calls;
  } catch (error) {
    return String(error);
  }
}

function onTheWire(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
