// Tells Slack where the bot is now: by the app's manifest with the real address, given through Slack's own method where
// somebody has a configuration token, else as a file to paste. Deploy calls it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { WebClient } from '@slack/web-api';
import { appManifest } from './app-manifest.ts';
import { say } from './check.ts';

export interface Handed {
  readonly botUrl: string;
  readonly botToken: string;
  /** `xoxe.xoxp-…`, for twelve hours: https://docs.slack.dev/app-manifests/configuring-apps-with-app-manifests#config-tokens */
  readonly configToken: string | undefined;
  /** Base address of Slack's Web API, with the closing slash. */
  readonly slackApiUrl: string;
  /** Where the manifest is written for pasting. */
  readonly file: string;
}

/** False: it is not known whether the app has the address; somebody has to paste it if it has not. */
export async function handOver(handed: Handed): Promise<boolean> {
  const { botUrl, configToken, file } = handed;
  const manifest = appManifest(botUrl);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
  const why = configToken === undefined ? '' : await offer(handed, configToken, manifest);
  if (why === undefined) return true;
  say(`   ! Slack app: ${why || 'whether it has the address of the bot is not known here'}
     If it has not: paste ${file} into App Manifest (as JSON) in the settings of the app, https://api.slack.com/apps,
     and save. It replaces the whole manifest. With --config-token xoxe.xoxp-… (Your App Configuration Tokens, on the
     same page) this does it.`);
  return false;
}

/** Why Slack did not take it; undefined: it did. */
async function offer(
  { botUrl, botToken, slackApiUrl }: Handed,
  configToken: string,
  manifest: ReturnType<typeof appManifest>,
): Promise<string | undefined> {
  const slack = new WebClient(undefined, { slackApiUrl, retryConfig: { retries: 1 } });
  try {
    const { bot_id: bot = '' } = await slack.auth.test({ token: botToken });
    const { bot: { app_id = '' } = {} } = await slack.bots.info({ token: botToken, bot });
    const sent = { token: configToken, app_id, manifest: JSON.stringify(manifest) };
    await slack.apiCall('apps.manifest.update', sent);
    say(`   ✓ Slack app ${app_id}: reaches the bot at ${botUrl}`);
    return undefined;
  } catch (error) {
    return `did not take the address (${error instanceof Error ? error.message : String(error)})`;
  }
}
