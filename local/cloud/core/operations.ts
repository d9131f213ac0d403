// The type of an API's operations, and their errors. Each service makes a table of operations for the gateway.
import { membersBeyond, type JsonObject } from './json.ts';

export type Operations = Readonly<Record<string, (input: JsonObject) => object>>;

/** An error as AWS answers it: SDKs turn the code into an exception's name. */
export class AwsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Throws for a member of the input that is not supported. */
export function accept(input: JsonObject, members: readonly string[]): void {
  const others = membersBeyond(members.join(' '), input).join(', ');
  if (others === '') return;
  const message = `Not supported by the local cloud: ${others}. Supported: ${members.join(', ')}`;
  throw new AwsError('ValidationException', message);
}
