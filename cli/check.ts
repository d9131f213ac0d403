// One thing that a command looked at, as a line for whoever runs it: what it is, what was found, and what to do where that
// is not as it must be. Setup, deploy and destroy print theirs.

export interface Finding {
  readonly what: string;
  readonly found: string;
  /** It is wrong, and this is to be done. */
  readonly todo?: string;
}

/** Tells each as it comes, and answers which are wrong. */
export async function tellFindings(findings: AsyncIterable<Finding>): Promise<readonly string[]> {
  const wrong: string[] = [];
  for await (const { what, found, todo } of findings) {
    say(`   ${todo ? '✗' : '✓'} ${what}: ${found}${todo ? `\n     ${todo}` : ''}`);
    if (todo) wrong.push(what);
  }
  return wrong;
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
