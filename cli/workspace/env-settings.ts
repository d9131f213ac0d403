// `SETTINGS` of `.env`: the settings that belong to the workspace whose tokens stand beside it, laid over `cdk.json`. `npm
// start` in that workspace and the operator's commands use them.

/** By their names; a value that is no text is JSON. */
export type GivenSettings = Readonly<Record<string, unknown>>;

/** Its message says how `SETTINGS` must be. */
export class BadSettings extends Error {
  override readonly name = 'BadSettings';
}

/** Throws {@link BadSettings}. */
export function parseSettings(json: string | undefined): GivenSettings {
  try {
    const parsed: unknown = JSON.parse(json || '{}');
    if (typeof parsed === 'object' && parsed !== null) return Object.fromEntries(Object.entries(parsed));
  } catch {
    // Said below.
  }
  throw new BadSettings(
    `SETTINGS in .env must be an object as JSON in single quotes, such as SETTINGS='{"channel":"C0123456789"}'`,
  );
}

/** For CDK's command line. */
export function asArguments(given: GivenSettings): readonly string[] {
  return Object.entries(given).flatMap(([name, value]) => [
    '-c',
    `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  ]);
}
