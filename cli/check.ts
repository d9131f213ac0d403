// One thing that a command looked at, as a line for whoever runs it: what it is, what was found, and what to do where that
// is not as it must be. Setup, deploy and destroy print theirs.

export interface Check {
  readonly what: string;
  readonly found: string;
  /** It is wrong, and this is to be done. */
  readonly remedy?: string;
}

/** Tells each as it comes, and answers which are wrong. */
export async function reportChecks(findings: AsyncIterable<Check>): Promise<readonly string[]> {
  const wrong: string[] = [];
  for await (const { what, found, remedy } of findings) {
    say(`   ${remedy ? '✗' : '✓'} ${what}: ${found}${remedy ? `\n     ${remedy}` : ''}`);
    if (remedy) wrong.push(what);
  }
  return wrong;
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
