// `npm run setup`: from no Slack app to one that works in your workspace. Says how to make it, takes its tokens, the channel
// and the approvers, checks all of it against Slack, and writes `.env`. Run again, it keeps what it was given before.
import { execFile } from 'node:child_process';
import { parseArgs } from 'node:util';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SlackSecret } from '../aws/slack-secret.ts';
import { appManifest, createLink } from './app-manifest.ts';
import { createAsker } from './ask.ts';
import { readEnvFile, writeEnvFile } from './env-file.ts';
import { say, tellFindings } from './finding.ts';
import { putSecret, stateOfSecret } from './secret.ts';
import { type Given, parseSettings } from '../local/env-settings.ts';
import { parseContext, peopleIn, settingsOf } from './settings.ts';
import { refuse, Unusable } from './unusable.ts';
import { appToken, approvers, botToken, channel, signingSecret, take } from './wanted.ts';
import { checkWorkspace } from './workspace-checks.ts';

const USAGE =
  'npm run setup -- [--aws] [--open] [--bot-token xoxb-…] [--app-token xapp-…] [--signing-secret …] [--channel C0123456789] [--approvers U012AB3CD,U045EF6GH]';

const ENV = '.env';

const asker = createAsker();
try {
  const { values } = parseArgs({
    options: {
      aws: { type: 'boolean', default: false },
      open: { type: 'boolean', default: false },
      'bot-token': { type: 'string' },
      'app-token': { type: 'string' },
      'signing-secret': { type: 'string' },
      channel: { type: 'string' },
      approvers: { type: 'string' },
      context: { type: 'string', short: 'c', multiple: true, default: [] },
    },
  });
  const kept = readEnvFile(ENV);
  const link = createLink(appManifest());
  say('1. The Slack app. Make it here, filled in already; then press "Install to Workspace":\n');
  say(`   ${link}\n`);
  if (values.open) open(link);
  say('   It is there already? Its settings are at https://api.slack.com/apps\n');
  say('2. What the app gives you, and who is asked where. Tokens are not shown.\n');
  const bot = await take(botToken, values['bot-token'], kept['SLACK_BOT_TOKEN'], asker);
  // Slack reaches a deployed bot at its address, and signs; from this machine the bot opens the connection.
  const other = values.aws ? signingSecret : appToken;
  const second = await take(
    other,
    values[values.aws ? 'signing-secret' : 'app-token'],
    kept[other.name],
    asker,
  );
  writeEnvFile(ENV, { SLACK_BOT_TOKEN: bot, [other.name]: second });
  const before = parseSettings(kept['SETTINGS']);
  const own = {
    channel: await take(channel, values.channel, asText(before['channel']), asker),
    approvers: await take(approvers, values.approvers, asText(before['approvers']), asker),
  };
  const chosen = { ...firstRules(own.approvers), ...before, ...own };
  const settings = settingsOf({ ...chosen, ...parseContext(values.context) });
  writeEnvFile(ENV, { SETTINGS: JSON.stringify(chosen) });
  say('\n3. Slack is asked:\n');
  const questions = {
    botToken: bot,
    appToken: values.aws ? undefined : second,
    scopes: appManifest().oauth_config.scopes.bot,
    channel: settings.channel,
    people: peopleIn(settings),
    slackApiUrl: process.env['SLACK_API_URL'] ?? settings.slackApiUrl,
  };
  const wrong = await tellFindings(checkWorkspace(questions));
  say(`\nWritten to ${ENV}, which only you can read and which is not committed.`);
  if (wrong > 0)
    throw new Unusable(
      'Not all is as it must be (✗). Mend that, and run this again: Enter keeps what you gave.',
    );
  if (values.aws) await tellAws(settings.stage, { botToken: bot, signingSecret: second });
  else say('Next: npm start');
} catch (error) {
  refuse(error, USAGE);
} finally {
  asker.close();
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Rules to begin with, as the defaults name people of the Slack on this machine. They stand in `.env`, to be changed. */
function firstRules(people: string): Given {
  const many = people.includes('S') || people.split(',').length > 2;
  return {
    tiers: [{ upToUsd: 10_000, approvals: 1 }, ...(many ? [{ upToUsd: 250_000, approvals: 2 }] : [])],
    escalateTo: '',
  };
}

async function tellAws(stage: string, secret: SlackSecret): Promise<void> {
  const client = new SecretsManagerClient();
  const name = `countersign/${stage}/slack`;
  const state = await stateOfSecret(client, name);
  if (state === 'none') {
    say('Next: npm run deploy, which puts the token and the signing secret into AWS too.');
    return;
  }
  await putSecret(client, name, secret);
  say(`Put into the secret ${name}; the functions know it within five minutes.\nNext: npm run deploy`);
}

/** In the browser of whoever sits here; where there is none, the link stands above. */
function open(link: string): void {
  const openers = { darwin: 'open', win32: 'explorer' } as const;
  const opener =
    process.platform === 'darwin' || process.platform === 'win32' ? openers[process.platform] : 'xdg-open';
  execFile(opener, [link], () => {});
}
