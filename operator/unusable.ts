// How a command of the operator's ends that cannot do what it was asked: a sentence and an example, no stack trace.

/** What was given on the command line, or what was found, cannot be used. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}

export function refuse(error: unknown, usage: string): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nFor example: ${usage}\n`);
  process.exitCode = 1;
}
