// Prints the result of each check, and a remedy if the check failed. Used by `npm run setup` and `npm run deploy`.

export interface Check {
  readonly what: string;
  readonly found: string;
  /** Tells the operator what to do. Undefined if the check passed. */
  readonly remedy?: string | undefined;
  /** A note for the operator about a check that passed. */
  readonly note?: string | undefined;
}

/** The result of a check, without the name of the check. A string is the result of a check that passed. */
export type Found = string | Omit<Check, 'what'>;

/** Prints each check as it completes. Returns `what` of each failed check. */
export async function reportChecks(checks: AsyncIterable<Check>): Promise<readonly string[]> {
  const failed: string[] = [];
  for await (const { what, found, remedy, note } of checks) {
    const more = remedy ?? note;
    const passed = note ? '!' : '✓';
    say(`   ${remedy ? '✗' : passed} ${what}: ${found}${more ? `\n     ${more}` : ''}`);
    if (remedy) failed.push(what);
  }
  return failed;
}

/** Says on stderr what the command does now, because stdout may be its result. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
