// Reads the environment variables that the stack set. The entry of each function reads its own.
import type { Variable } from './names/variables.ts';

/** A function was started without a variable that the stack should have set. */
export class MissingVariable extends Error {
  override readonly name = 'MissingVariable';
}

/** The value of one variable. Throws {@link MissingVariable} where it is unset or empty. */
export function environment(name: Variable): string {
  return ownEnvironment(name);
}

/** The same for a variable that a workflow names for itself. */
export function ownEnvironment(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new MissingVariable(`The environment variable ${name} is not set. Deploy the stack again.`);
  return value;
}
