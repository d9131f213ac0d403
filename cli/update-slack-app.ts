// Gives Slack the bot's address by updating the app's manifest. `npm run deploy` calls it. The manifest is also written
// to a file. The operator pastes the file's content into Slack if there is no configuration token, or if Slack refuses
// the update.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { WebClient } from '@slack/web-api';
import { appManifest } from './app-manifest.ts';
import { say } from './check.ts';

export interface AppUpdate {
  readonly botUrl: string;
  readonly botToken: string;
  /**
   * `xoxe.xoxp-…`, valid for twelve hours. Undefined if the operator has passed none:
   * https://docs.slack.dev/app-manifests/configuring-apps-with-app-manifests#config-tokens
   */
  readonly configToken: string | undefined;
  /** Base address of Slack's Web API, with the closing slash. */
  readonly slackApiUrl: string;
  /** Path to which the manifest is written. */
  readonly file: string;
}

/** Returns true if Slack accepted the manifest. Otherwise prints how to paste the manifest, and returns false. */
export async function updateSlackApp(update: AppUpdate): Promise<boolean> {
  const { botUrl, configToken, file } = update;
  const manifest = appManifest(botUrl);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
  const result: ManifestUpdate =
    configToken === undefined
      ? { accepted: false, reason: 'may not have the bot’s address yet' }
      : await sendManifest(update, configToken, manifest);
  if (result.accepted) return true;
  say(`   ! Slack app: ${result.reason}
     If the address is missing, paste ${file} into App Manifest (as JSON) in the settings of the app,
     https://api.slack.com/apps, and save. This replaces the whole manifest. To let this command update it, pass
     --config-token xoxe.xoxp-… (Your App Configuration Tokens, on the same page).`);
  return false;
}

type ManifestUpdate = { readonly accepted: true } | { readonly accepted: false; readonly reason: string };

async function sendManifest(
  { botUrl, botToken, slackApiUrl }: AppUpdate,
  configToken: string,
  manifest: ReturnType<typeof appManifest>,
): Promise<ManifestUpdate> {
  const slack = new WebClient(undefined, { slackApiUrl, retryConfig: { retries: 1 } });
  try {
    const { bot_id: bot = '' } = await slack.auth.test({ token: botToken });
    const { bot: { app_id = '' } = {} } = await slack.bots.info({ token: botToken, bot });
    const request = { token: configToken, app_id, manifest: JSON.stringify(manifest) };
    await slack.apiCall('apps.manifest.update', request);
    say(`   ✓ Slack app ${app_id}: sends requests to ${botUrl}`);
    return { accepted: true };
  } catch (error) {
    const reason = `did not accept the address (${error instanceof Error ? error.message : String(error)})`;
    return { accepted: false, reason };
  }
}
