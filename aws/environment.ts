// Reads the environment variables that the stack sets. Lambda entries call it, and so do files that create clients.
import type { Variable } from './names/variables.ts';

/** The stack did not set a variable that the function needs. */
export class MissingVariable extends Error {
  override readonly name = 'MissingVariable';
}

/** Returns the value of a variable. Throws {@link MissingVariable} if it is unset or empty. */
export function environment(name: Variable): string {
  return workflowEnvironment(name);
}

/** Like {@link environment}, for a variable that a workflow defines. */
export function workflowEnvironment(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new MissingVariable(`The environment variable ${name} is not set. Deploy the stack again.`);
  return value;
}
