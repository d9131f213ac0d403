// What comes from outside becomes a domain type here, once, or is refused with an error that names the field and not
// its value. Every function reads its event with it.
import * as v from 'valibot';

/** What came in is not what it should be. Step Functions knows the error by this name. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}

export function parse<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new InvalidInput(`${v.getDotPath(issue) ?? 'The input'} ${complaint(issue)}.`);
}

/** In our own words where a schema has them: valibot's repeat the value. */
function complaint({ message, received, expected }: v.BaseIssue<unknown>): string {
  if (message.startsWith('must ')) return message;
  return received === 'undefined' ? 'is missing' : `must be ${expected ?? 'something else'}`;
}

/** A Slack user's id. Nothing else may stand where people are mentioned. */
export const slackUser = v.pipe(
  v.string(),
  v.regex(/^[UW][A-Z0-9]{2,20}$/, "must be a Slack user's id, such as U012AB3CD"),
);

/** How the same was answered before, as Ask again hands it on. */
export const previousAnswer = v.object({
  outcome: v.picklist(['declined', 'expired']),
  by: v.optional(slackUser),
  reason: v.optional(v.string()),
});
