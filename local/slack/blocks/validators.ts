// The few checks a closed list of JSON shapes is made of; each returns its complaints, worded as Slack words them.
// Used by `check-blocks.ts` for messages and by `view.ts` for modals.

/** Complaints about a value found at a JSON pointer; none if it fits. */
export type Shape = (value: unknown, at: string) => readonly string[];

const complaint = (text: string, at: string): readonly string[] => [`${text} [json-pointer:${at}]`];

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function string(longest: number, shortest = 1): Shape {
  return (value, at) => {
    if (typeof value !== 'string') return complaint('must provide a string', at);
    if (value.length < shortest) return complaint('must be more than 0 characters', at);
    if (value.length > longest) return complaint(`must be less than ${longest + 1} characters`, at);
    return [];
  };
}

/** 2026-11-22, and a day that there is. */
export const date: Shape = (value, at) =>
  typeof value === 'string' && isDate(value) ? [] : complaint('must provide a date as YYYY-MM-DD', at);

export function isDate(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(`${text}T`);
}

export const boolean: Shape = (value, at) =>
  typeof value === 'boolean' ? [] : complaint('must provide a boolean', at);

export function whole(least: number, most: number): Shape {
  return (value, at) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? []
      : complaint(`must provide an integer from ${least} to ${most}`, at);
}

export function oneOf(...allowed: readonly string[]): Shape {
  return (value, at) =>
    typeof value === 'string' && allowed.includes(value)
      ? []
      : complaint(`must be one of: ${allowed.join(', ')}`, at);
}

export function list(item: Shape, longest: number): Shape {
  return (value, at) => {
    if (!Array.isArray(value)) return complaint('must provide an array', at);
    if (value.length === 0) return complaint('no less than 1 items allowed', at);
    if (value.length > longest) return complaint(`no more than ${longest} items allowed`, at);
    return value.flatMap((each, index) => item(each, `${at}/${index}`));
  };
}

/** An object told by its `type`: exactly these fields, those named first in `required` present. */
export type Variant = {
  readonly required: readonly string[];
  readonly fields: Readonly<Record<string, Shape>>;
};

export function object({ required, fields }: Variant): Shape {
  return (value, at) => {
    if (!isRecord(value)) return complaint('must provide an object', at);
    const missing = required.filter((name) => value[name] === undefined);
    return [
      ...missing.flatMap((name) => complaint(`missing required field: ${name}`, at)),
      ...Object.entries(value).flatMap(([name, field]) => {
        const shape = Object.hasOwn(fields, name) ? fields[name] : undefined;
        return shape ? shape(field, `${at}/${name}`) : complaint(`invalid additional property: ${name}`, at);
      }),
    ];
  };
}

export function variants(byType: Readonly<Record<string, Variant>>): Shape {
  return (value, at) => {
    if (!isRecord(value)) return complaint('must provide an object', at);
    const { type } = value;
    const variant = typeof type === 'string' && Object.hasOwn(byType, type) ? byType[type] : undefined;
    if (!variant) return complaint(`unsupported type: ${String(type)}`, `${at}/type`);
    return object({ ...variant, fields: { type: oneOf(String(type)), ...variant.fields } })(value, at);
  };
}
