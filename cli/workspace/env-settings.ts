// Parses the variable `SETTINGS` in `.env`. It contains settings for the workspace whose tokens are also in `.env`, and
// these settings override `cdk.json`. `npm start` and the operator's commands call `parseSettings`.

/** Setting name → value. */
export type GivenSettings = Readonly<Record<string, unknown>>;

export class BadSettings extends Error {
  override readonly name = 'BadSettings';
}

/** @throws BadSettings if `SETTINGS` is not a JSON object */
export function parseSettings(json: string | undefined): GivenSettings {
  try {
    const parsed: unknown = JSON.parse(json || '{}');
    if (typeof parsed === 'object' && parsed !== null) return Object.fromEntries(Object.entries(parsed));
  } catch {
    // Invalid JSON is reported below.
  }
  throw new BadSettings(
    `SETTINGS in .env must be a JSON object in single quotes, such as SETTINGS='{"channel":"C0123456789"}'`,
  );
}

/** Converts the settings to `-c name=value` arguments for the CDK command line. Writes non-string values as JSON. */
export function asArguments(given: GivenSettings): readonly string[] {
  return Object.entries(given).flatMap(([name, value]) => [
    '-c',
    `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  ]);
}
