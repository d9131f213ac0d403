// Tells Slack where the bot is now: by the app's manifest with the real address, given through Slack's own method where
// somebody has a configuration token, else as a file to paste. Deploy calls it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { WebClient } from '@slack/web-api';
import { appManifest } from './app-manifest.ts';
import { say } from './finding.ts';

export interface Handed {
  readonly botUrl: string;
  /** Absent: nothing can be asked of Slack. */
  readonly botToken: string | undefined;
  /** `xoxe.xoxp-…`, for twelve hours: https://docs.slack.dev/app-manifests/configuring-apps-with-app-manifests#config-tokens */
  readonly configToken: string | undefined;
  /** Base address of Slack's Web API, with the closing slash. */
  readonly slackApiUrl: string;
  /** Where the manifest is written for pasting. */
  readonly file: string;
}

/** False: somebody has to paste it. */
export async function handOver(handed: Handed): Promise<boolean> {
  const { botUrl, botToken, configToken, slackApiUrl, file } = handed;
  const manifest = JSON.stringify(appManifest(botUrl), undefined, 2);
  if (botToken && configToken) {
    const slack = new WebClient(undefined, { slackApiUrl, retryConfig: { retries: 1 } });
    const { bot_id: bot = '' } = await slack.auth.test({ token: botToken });
    const { bot: { app_id = '' } = {} } = await slack.bots.info({ token: botToken, bot });
    await slack.apps.manifest.update({ token: configToken, app_id, manifest: JSON.parse(manifest) });
    say(`   ✓ Slack app ${app_id}: reaches the bot at ${botUrl}`);
    return true;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${manifest}\n`);
  say(`   ✗ Slack app: does not know the bot's address yet
     Paste ${file} into App Manifest (as JSON) in the settings of the app, https://api.slack.com/apps, and save.
     With --config-token xoxe.xoxp-… (Your App Configuration Tokens, on the same page) this does it.`);
  return false;
}
