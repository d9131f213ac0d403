// How a command of the operator's ends that cannot do what it was asked: a sentence, an example where one helps, no stack
// trace.

/** What was given on the command line, or what was found, cannot be used. */
export class UsageError extends Error {
  override readonly name = 'Unusable';
}

/** What stands above says what is wrong, and what to do. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

export function exitWithError(error: unknown, usage: string): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message}\n${error instanceof Stopped ? '' : `For example: ${usage}\n`}`);
  process.exitCode = 1;
}
