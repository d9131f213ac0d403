// The type of a conformance case, and the sources of its expected answer. The files in `cases/` contain the cases, and
// `run-cases.ts` runs them.
import type { Aws } from './aws.ts';

export interface Case {
  /** The behaviour, as a sentence. */
  readonly name: string;
  /** A URL of a recording or of a page of AWS that says so, or `assumed`. */
  readonly source: string;
  /** Waits for 15 minutes or longer, so it runs only where time is simulated. */
  readonly localTimeOnly?: true;
  /** Calls AWS. Returns the part of the answers that the case is about. */
  readonly calls: (aws: Aws) => Promise<unknown>;
  /** What AWS answers. */
  readonly answer: unknown;
}

/** Neither recorded nor documented. Only a run in an account can confirm it. */
export const assumed = 'assumed';

/** Recorded at AWS by the tests of LocalStack (Apache License 2.0). */
export function snapshot(path: string): string {
  return `https://github.com/localstack/localstack/blob/8b9a79f05846835cf4dff63ab7eefdde9df83783/tests/aws/services/${path}.snapshot.json`;
}

/** A page of AWS's documentation. */
export function page(path: string): string {
  return `https://docs.aws.amazon.com/${path}`;
}
