// Ends an operator's command with an error message instead of a stack trace. Every command calls `exitWithError`, which
// also prints the remedy of an error of AWS, or an example of the command's usage, unless the error is `Stopped`.
import { awsRemedy, isAwsError } from './aws-remedy.ts';

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
  const next = isAwsError(error) ? awsRemedy(error) : `For example: ${usage}`;
  process.stderr.write(`${message}\n${error instanceof Stopped ? '' : `${next}\n`}`);
  process.exitCode = 1;
}
