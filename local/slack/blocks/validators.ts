// The schemas that blocks, views and arguments are built from, and the words in which Slack refuses a value.
// Used by `blocks.ts`, `input-elements.ts` and `view.ts`, and by `arguments.ts` for each argument of a call.
import * as v from 'valibot';

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for an existing date in the form YYYY-MM-DD. */
export function isDate(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(`${text}T`);
}

export const optional = v.exactOptional;

/** An object with this `type` and exactly these fields. */
export const typed = <const T extends string, E extends v.ObjectEntries>(type: T, fields: E) =>
  v.strictObject({ type: v.literal(type), ...fields });

export const text = (longest: number, shortest = 1) =>
  v.pipe(v.string(), v.minLength(shortest), v.maxLength(longest));

export const list = <T extends v.GenericSchema>(item: T, longest: number, shortest = 1) =>
  v.pipe(v.array(item), v.minLength(shortest), v.maxLength(longest));

// https://docs.slack.dev/reference/block-kit/composition-objects/text-object
const plain = (longest: number) => typed('plain_text', { text: text(longest), emoji: optional(v.boolean()) });
const mrkdwn = (longest: number) => typed('mrkdwn', { text: text(longest), verbatim: optional(v.boolean()) });
export const plainText = (longest: number) => v.variant('type', [plain(longest)]);
export const anyText = (longest: number) => v.variant('type', [plain(longest), mrkdwn(longest)]);

export const actionId = optional(text(255));

/** Slack's error text for a value, and the path of keys from the value to the wrong part. */
type Complaint = readonly [words: string, ...keys: (string | number)[]];

/** Makes a check that compares several parts of a value. It runs only if the value has the right type. */
export const rule = <T>(complaintsAbout: (value: T) => readonly Complaint[]) =>
  v.rawCheck<T>(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    for (const [message, ...keys] of complaintsAbout(dataset.value)) {
      const [first, ...rest] = keys.map((key) => ({ ...unknownItem, key }));
      addIssue(first ? { message, path: [first, ...rest] } : { message });
    }
  });

const unknownItem = { type: 'unknown', origin: 'value', input: undefined, value: undefined } as const;

/** The texts that are in the list before. */
export const repeated = (texts: readonly (string | undefined)[]) =>
  texts.filter((each, index) => each !== undefined && texts.indexOf(each) < index);

export const repeatedActionIds = (elements: readonly { readonly action_id?: string }[]) =>
  repeated(elements.map(({ action_id }) => action_id)).map((id): Complaint => [
    `\`action_id\` "${id}" already exists for another action`,
  ]);

/** Converts issues to Slack's error texts, each with a JSON pointer to the wrong part. `at` is the value's pointer. */
export function complaintsOf(issues: readonly v.BaseIssue<unknown>[], at: string): readonly string[] {
  const ofFields = issues.filter(({ type }) => type !== 'check' && type !== 'raw_check');
  // Slack compares fields with each other only if each field is valid.
  const said = (ofFields.length > 0 ? ofFields : issues).map((issue) => {
    const path = issue.path ?? [];
    const last = path.at(-1);
    const found = last?.origin === 'key' || isInList(last) ? path.slice(0, -1) : path;
    return `${wordsOf(issue)} [json-pointer:${[at, ...found.map(({ key }) => key)].join('/')}]`;
  });
  return [...new Set(said)];
}

/** True if a list was given in place of an object. Valibot then reports a missing field, but Slack reports the list. */
const isInList = (last?: v.IssuePathItem): boolean => last?.type === 'object' && Array.isArray(last.input);

function wordsOf({ type, message, input, expected, requirement, path }: v.BaseIssue<unknown>): string {
  const last = path?.at(-1);
  if (isInList(last)) return 'must provide an object';
  switch (type) {
    case 'strict_object':
      if (last?.origin !== 'key') return 'must provide an object';
      return `${expected === 'never' ? 'invalid additional property' : 'missing required field'}: ${String(last.key)}`;
    case 'variant':
      return last?.key === 'type' ? `unsupported type: ${String(input)}` : 'must provide an object';
    case 'picklist':
      return `must be one of: ${expected?.replaceAll(/["()]/g, '').replaceAll(' | ', ', ')}`;
    case 'min_length':
      return Array.isArray(input) ? 'no less than 1 items allowed' : 'must be more than 0 characters';
    case 'max_length':
      return Array.isArray(input)
        ? `no more than ${Number(requirement)} items allowed`
        : `must be less than ${Number(requirement) + 1} characters`;
    case 'string':
    case 'boolean':
      return `must provide a ${type}`;
    case 'array':
      return 'must provide an array';
    default:
      return message;
  }
}
