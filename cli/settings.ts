// The settings of the stack as the operator's commands use them: `cdk.json`, laid over by `SETTINGS` of `.env`, laid over by
// the command line. CDK gets the last two as its context; what they come to is read as the stack reads it.
import { readFileSync } from 'node:fs';
import { RootConstruct } from 'constructs';
import type { GivenSettings } from './workspace/env-settings.ts';
import { readSettings, type Settings } from '../stack/trading/settings.ts';
import { UsageError } from './usage-error.ts';

/** What stands behind each `-c` of a command line. */
export function parseContext(given: readonly string[]): GivenSettings {
  return Object.fromEntries(
    given.map((setting) => {
      const at = setting.indexOf('=');
      if (at < 1) throw new UsageError(`"${setting}" is no setting: give it as -c name=value`);
      return [setting.slice(0, at), setting.slice(at + 1)];
    }),
  );
}

/** Throws `InvalidSetting` naming the first that cannot be used. */
export function settingsOf(given: GivenSettings): Settings {
  const { context } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
  const { node } = new RootConstruct();
  for (const [name, value] of Object.entries({ ...context, ...given })) node.setContext(name, value);
  return readSettings(node);
}

/** Ids of users and user groups that may approve, each once. */
export function peopleIn({ approvers, tiers, escalateTo }: Settings): readonly string[] {
  return [...new Set([...approvers, ...tiers.flatMap((tier) => tier.approvers ?? []), ...escalateTo])];
}
