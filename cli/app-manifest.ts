// Builds the Slack app's manifest from `manifest.yml`. `npm run deploy` adds the deployed bot's address.
// `npm run setup` runs before the bot is deployed, so its manifest uses Socket Mode, which needs no address.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** The properties of a manifest that the commands read or change: https://docs.slack.dev/reference/app-manifest */
export interface AppManifest {
  readonly features: { readonly slash_commands: readonly { readonly url?: string }[] };
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: {
    readonly event_subscriptions: { readonly request_url?: string };
    readonly interactivity: { readonly request_url?: string };
    readonly socket_mode_enabled: boolean;
  };
}

export function readAppManifest(): AppManifest {
  return parse(readFileSync(fileURLToPath(new URL('../manifest.yml', import.meta.url)), 'utf8'));
}

/** @param address URL of the deployed bot; if undefined, the manifest turns on Socket Mode */
export function appManifest(address?: string): AppManifest {
  const { features, settings, ...rest } = readAppManifest();
  const { event_subscriptions: events, interactivity } = settings;
  return {
    ...rest,
    features: {
      ...features,
      slash_commands: features.slash_commands.map((command) => withAddress(command, 'url', address)),
    },
    settings: {
      ...settings,
      event_subscriptions: withAddress(events, 'request_url', address),
      interactivity: withAddress(interactivity, 'request_url', address),
      socket_mode_enabled: address === undefined,
    },
  };
}

function withAddress<Part extends object>(part: Part, name: keyof Part, address: string | undefined): Part {
  const { [name]: _address, ...rest } = part;
  return { ...rest, ...(address === undefined ? {} : { [name]: address }) } as Part;
}

/**
 * Returns a link to Slack's form for a new app, filled in with the manifest:
 * https://docs.slack.dev/app-manifests/configuring-apps-with-app-manifests
 */
export function createLink(manifest: AppManifest): string {
  return `https://api.slack.com/apps?new_app=1&manifest_json=${encodeURIComponent(JSON.stringify(manifest))}`;
}
