// Tells Slack where the bot is now: by the app's manifest with the real address, given through Slack's own method where
// somebody has a configuration token, else as a file to paste. Deploy calls it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { WebClient } from '@slack/web-api';
import { appManifest } from './app-manifest.ts';
import { say } from './check.ts';

export interface AppUpdate {
  readonly botUrl: string;
  readonly botToken: string;
  /** `xoxe.xoxp-…`, for twelve hours: https://docs.slack.dev/app-manifests/configuring-apps-with-app-manifests#config-tokens */
  readonly configToken: string | undefined;
  /** Base address of Slack's Web API, with the closing slash. */
  readonly slackApiUrl: string;
  /** Where the manifest is written for pasting. */
  readonly file: string;
}

/** Returns whether Slack took the address. Where it did not, somebody has to paste the manifest if the app lacks the address. */
export async function updateSlackApp(update: AppUpdate): Promise<boolean> {
  const { botUrl, configToken, file } = update;
  const manifest = appManifest(botUrl);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
  const sent: ManifestUpdate =
    configToken === undefined
      ? { taken: false, why: 'whether it has the address of the bot is not known here' }
      : await sendManifest(update, configToken, manifest);
  if (sent.taken) return true;
  say(`   ! Slack app: ${sent.why}
     If it has not: paste ${file} into App Manifest (as JSON) in the settings of the app, https://api.slack.com/apps,
     and save. It replaces the whole manifest. With --config-token xoxe.xoxp-… (Your App Configuration Tokens, on the
     same page) this does it.`);
  return false;
}

type ManifestUpdate = { readonly taken: true } | { readonly taken: false; readonly why: string };

async function sendManifest(
  { botUrl, botToken, slackApiUrl }: AppUpdate,
  configToken: string,
  manifest: ReturnType<typeof appManifest>,
): Promise<ManifestUpdate> {
  const slack = new WebClient(undefined, { slackApiUrl, retryConfig: { retries: 1 } });
  try {
    const { bot_id: bot = '' } = await slack.auth.test({ token: botToken });
    const { bot: { app_id = '' } = {} } = await slack.bots.info({ token: botToken, bot });
    const sent = { token: configToken, app_id, manifest: JSON.stringify(manifest) };
    await slack.apiCall('apps.manifest.update', sent);
    say(`   ✓ Slack app ${app_id}: reaches the bot at ${botUrl}`);
    return { taken: true };
  } catch (error) {
    const why = `did not take the address (${error instanceof Error ? error.message : String(error)})`;
    return { taken: false, why };
  }
}
