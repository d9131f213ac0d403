// `npm run setup`: from no Slack app to one that works in your workspace. Says how to make it, takes its tokens, the channel
// and the approvers, checks all of it against Slack, and writes `.env`; for a deployed app, the secret in AWS too. Run again,
// it keeps what it was given before.
import { execFile } from 'node:child_process';
import { parseArgs } from 'node:util';
import { type GivenSettings, parseSettings } from './workspace/env-settings.ts';
import { useRegion } from './aws-region.ts';
import { appManifest, createLink } from './app-manifest.ts';
import { createPrompter } from './prompt.ts';
import { readEnvFile, variables, writeEnvFile } from './env-file.ts';
import { say, reportChecks } from './check.ts';
import { fillSecret } from './fill-secret.ts';
import { parseContext, peopleIn, settingsOf } from './settings.ts';
import { exitWithError, Stopped } from './usage-error.ts';
import { appToken, approvers, botToken, channel, signingSecret, promptFor } from './prompts.ts';
import { checkWorkspace } from './workspace/check-workspace.ts';

const USAGE =
  'npm run setup -- [--aws] [--open] [--bot-token xoxb-…] [--app-token xapp-…] [--signing-secret …] [--channel C0123456789] [--approvers U012AB3CD,U045EF6GH] [-c stage=prod] [--yes]';

const ENV = '.env';

const prompter = createPrompter();
try {
  useRegion();
  const { values } = parseArgs({
    options: {
      aws: { type: 'boolean', default: false },
      open: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      'bot-token': { type: 'string' },
      'app-token': { type: 'string' },
      'signing-secret': { type: 'string' },
      channel: { type: 'string' },
      approvers: { type: 'string' },
      context: { type: 'string', short: 'c', multiple: true, default: [] },
    },
  });
  const kept = readEnvFile(ENV);
  const env = process.env;
  const link = createLink(appManifest());
  say('1. The Slack app. Make it here, filled in already; then press "Install to Workspace":\n');
  say(`   ${link}\n`);
  if (values.open) open(link);
  say('   It is there already? Its settings are at https://api.slack.com/apps\n');
  say('2. What the app gives you, and who is asked where. Tokens are not shown.\n');
  const bot = await promptFor(
    botToken,
    values['bot-token'] ?? env['SLACK_BOT_TOKEN'],
    kept['SLACK_BOT_TOKEN'],
    prompter,
  );
  // Slack reaches a deployed bot at its address, and signs; from this machine the bot opens the connection.
  const second = values.aws
    ? { name: 'SLACK_SIGNING_SECRET', prompt: signingSecret, given: values['signing-secret'] }
    : { name: 'SLACK_APP_TOKEN', prompt: appToken, given: values['app-token'] };
  const other = await promptFor(second.prompt, second.given ?? env[second.name], kept[second.name], prompter);
  const before = parseSettings(kept['SETTINGS']);
  const own = {
    channel: await promptFor(channel, values.channel, asText(before['channel']), prompter),
    approvers: await promptFor(approvers, values.approvers, asText(before['approvers']), prompter),
  };
  const chosen = { ...firstRules(own.approvers), ...before, ...parseContext(values.context), ...own };
  const settings = settingsOf(chosen);
  say('\n3. Slack is asked:\n');
  const questions = {
    botToken: bot,
    appToken: values.aws ? undefined : other,
    scopes: appManifest().oauth_config.scopes.bot,
    channel: settings.channel,
    people: peopleIn(settings),
    slackApiUrl: variables(ENV)['SLACK_API_URL'] ?? settings.slackApiUrl,
  };
  const wrong = await reportChecks(checkWorkspace(questions));
  const isTaken = !wrong.includes('bot token');
  // What Slack does not take replaces nothing that it took before.
  if (isTaken || kept['SLACK_BOT_TOKEN'] === undefined) {
    const json = JSON.stringify({ stage: settings.stage, ...chosen }).replaceAll("'", String.raw`\u0027`);
    writeEnvFile(ENV, { SLACK_BOT_TOKEN: bot, [second.name]: other, SETTINGS: json });
    say(`\nWritten to ${ENV}, which only you can read and which is not committed.`);
  } else {
    say(`\n${ENV} is left as it was.`);
  }
  // The secret does not wait for a channel or a person to be mended: without it no button works.
  if (values.aws && isTaken)
    await fillSecret(settings.stage, { botToken: bot, signingSecret: other }, values.yes, prompter);
  if (wrong.length > 0)
    throw new Stopped(
      'Not all is as it must be (✗). Mend that, and run this again: Enter keeps what stands in .env.',
    );
  say(values.aws ? 'Next: npm run deploy' : 'Next: npm start');
} catch (error) {
  exitWithError(error, USAGE);
} finally {
  prompter.close();
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Rules to begin with, as the defaults name people of the Slack on this machine. They stand in `.env`, to be changed. */
function firstRules(people: string): GivenSettings {
  const ids = people.split(',');
  const many = ids.length > 2 || ids.some((id) => id.startsWith('S'));
  return {
    tiers: [{ upToUsd: 10_000, approvals: 1 }, ...(many ? [{ upToUsd: 250_000, approvals: 2 }] : [])],
    escalateTo: '',
  };
}

/** In the browser of whoever sits here; where there is none, the link stands above. */
function open(link: string): void {
  const openers = { darwin: 'open', win32: 'explorer' } as const;
  const opener =
    process.platform === 'darwin' || process.platform === 'win32' ? openers[process.platform] : 'xdg-open';
  execFile(opener, [link], () => {});
}
