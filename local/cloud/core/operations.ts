// The type of an API's operations, and their errors. Each service makes a table of operations for the gateway.
import { membersBeyond, type JsonObject } from './json.ts';

/** @param traceHeader the header X-Amzn-Trace-Id of the request */
export type Operation = (input: JsonObject, traceHeader?: string) => object;

export type Operations = Readonly<Record<string, Operation>>;

/** An error that AWS would return. The SDKs use `code` as the name of the exception. */
export class AwsError extends Error {
  readonly code: string;
  /** The HTTP status of the answer. */
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Throws a ValidationException if the input has a member that is not in `members`. */
export function accept(input: JsonObject, members: readonly string[]): void {
  const others = membersBeyond(members.join(' '), input).join(', ');
  if (others === '') return;
  const message = `Not supported by the local cloud: ${others}. Supported: ${members.join(', ')}`;
  throw new AwsError('ValidationException', message);
}
