// Parses data from outside into domain types. The functions call it. An error names the invalid field but does not
// contain its value.
import * as v from 'valibot';

/** The input is invalid. State machines match the error by this name. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}

export function parse<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new InvalidInput(`${v.getDotPath(issue) ?? 'The input'} ${complaint(issue)}.`);
}

/**
 * Messages of our schemas begin with "must". Other messages come from valibot, and are replaced because they contain
 * the value.
 */
function complaint({ message, received, expected }: v.BaseIssue<unknown>): string {
  if (received === 'undefined') return 'is missing';
  return message.startsWith('must ') ? message : `must be ${expected ?? 'something else'}`;
}

/** A Slack user id. Views insert the id into mentions, so the schema rejects any other text. */
export const slackUser = v.pipe(
  v.string(),
  v.regex(/^[UW][A-Z0-9]{2,20}$/, "must be a Slack user's id, such as U012AB3CD"),
);
