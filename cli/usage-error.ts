// Ends an operator's command with an error message instead of a stack trace. Every command calls `exitWithError`, which
// also prints an example of the command's usage, unless the error is `Stopped`.

/** The command line is wrong, or the command cannot run here. The message is followed by an example. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command stopped after it printed what is wrong, or because the operator did not confirm. No example follows. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

export function exitWithError(error: unknown, usage: string): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${message}\n${error instanceof Stopped ? '' : `For example: ${usage}\n`}`);
  process.exitCode = 1;
}
