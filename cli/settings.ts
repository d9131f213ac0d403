// Reads the stack's settings for setup, deploy and destroy, so that these commands see the same values as the stack.
// The settings that a command passes, from `.env` and the command line, override `cdk.json`.
import { readFileSync } from 'node:fs';
import { RootConstruct } from 'constructs';
import type { GivenSettings } from './workspace/env-settings.ts';
import { readSettings, type Settings } from '../stack/trading/settings.ts';
import { UsageError } from './usage-error.ts';

export const DEFAULT_QUALIFIER = 'hnb659fds';

/** @param given the values of all `-c` options, such as `stage=prod` */
export function parseContext(given: readonly string[]): GivenSettings {
  return Object.fromEntries(
    given.map((setting) => {
      const at = setting.indexOf('=');
      if (at < 1)
        throw new UsageError(
          `"${setting}" is not a setting. Pass it as -c name=value, such as -c stage=prod`,
        );
      return [setting.slice(0, at), setting.slice(at + 1)];
    }),
  );
}

/** @throws InvalidSetting for the first invalid setting */
export function settingsOf(given: GivenSettings): Settings {
  const { node } = new RootConstruct();
  for (const [name, value] of Object.entries(contextOf(given))) node.setContext(name, value);
  return readSettings(node);
}

/** https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html */
export function bootstrapQualifier(given: GivenSettings): string {
  const { '@aws-cdk/core:bootstrapQualifier': qualifier } = contextOf(given);
  return typeof qualifier === 'string' ? qualifier : DEFAULT_QUALIFIER;
}

function contextOf(given: GivenSettings): GivenSettings {
  const { context } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
  return { ...context, ...given };
}

/** Returns the ids of all users and user groups that may approve, without duplicates. */
export function peopleIn({ policies }: Settings): readonly string[] {
  const { approvers, tiers, escalateTo } = policies.default;
  return [...new Set([...approvers, ...tiers.flatMap((tier) => tier.approvers ?? []), ...escalateTo])];
}
