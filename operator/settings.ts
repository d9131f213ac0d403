// The settings of the stack as the operator's commands use them: `cdk.json`, laid over by `SETTINGS` of `.env`, laid over by
// the command line. CDK gets the last two as its context; what they come to is read as the stack reads it.
import { readFileSync } from 'node:fs';
import { RootConstruct } from 'constructs';
import { readSettings, type Settings } from '../stack/trading-settings.ts';
import { Unusable } from './unusable.ts';

/** By their names; a value that is no text is JSON. */
export type Given = Readonly<Record<string, unknown>>;

/** What `SETTINGS` of `.env` holds. */
export function parseSettings(json: string | undefined): Given {
  try {
    const parsed: unknown = JSON.parse(json || '{}');
    if (typeof parsed === 'object' && parsed !== null) return Object.fromEntries(Object.entries(parsed));
  } catch {
    // Said below.
  }
  throw new Unusable(
    `SETTINGS in .env must be an object as JSON in single quotes, such as SETTINGS='{"channel":"C0123456789"}'`,
  );
}

/** What stands behind each `-c` of a command line. */
export function parseContext(given: readonly string[]): Given {
  return Object.fromEntries(
    given.map((setting) => {
      const at = setting.indexOf('=');
      if (at < 1) throw new Unusable(`"${setting}" is no setting: give it as -c name=value`);
      return [setting.slice(0, at), setting.slice(at + 1)];
    }),
  );
}

/** Throws `InvalidSetting` naming the first that cannot be used. */
export function settingsOf(given: Given): Settings {
  const { context } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
  const { node } = new RootConstruct();
  for (const [name, value] of Object.entries({ ...context, ...given })) node.setContext(name, value);
  return readSettings(node);
}

/** For CDK's command line. */
export function contextArguments(given: Given): readonly string[] {
  return Object.entries(given).flatMap(([name, value]) => [
    '-c',
    `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  ]);
}

/** Ids of users and user groups that may approve, each once. */
export function peopleIn({ approvers, tiers, escalateTo }: Settings): readonly string[] {
  return [...new Set([...approvers, ...tiers.flatMap((tier) => tier.approvers ?? []), ...escalateTo])];
}
