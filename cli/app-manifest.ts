// The Slack app's manifest in the two forms that Slack takes: with Socket Mode it names no address, and so an app can be
// made from it before anything is deployed; deployed, it names the bot's. Setup and deploy give them to Slack.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** https://docs.slack.dev/reference/app-manifest: what of it is read or changed here; the rest stays as it is. */
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

/** The manifest of an app that reaches the bot at this address; without one, through Socket Mode. */
export function appManifest(address?: string): AppManifest {
  const { features, settings, ...rest } = readAppManifest();
  const { event_subscriptions: events, interactivity } = settings;
  return {
    ...rest,
    features: {
      ...features,
      slash_commands: features.slash_commands.map((command) => addressed(command, 'url', address)),
    },
    settings: {
      ...settings,
      event_subscriptions: addressed(events, 'request_url', address),
      interactivity: addressed(interactivity, 'request_url', address),
      socket_mode_enabled: address === undefined,
    },
  };
}

function addressed<Part extends object>(part: Part, name: keyof Part, address: string | undefined): Part {
  const { [name]: _address, ...rest } = part;
  return { ...rest, ...(address === undefined ? {} : { [name]: address }) } as Part;
}

/** Opens Slack's form for a new app, filled in: https://docs.slack.dev/app-manifests/configuring-apps-with-app-manifests */
export function createLink(manifest: AppManifest): string {
  return `https://api.slack.com/apps?new_app=1&manifest_json=${encodeURIComponent(JSON.stringify(manifest))}`;
}
