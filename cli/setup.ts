// `npm run setup`: helps an operator create the Slack app, asks for its tokens, the channel and the approvers, checks
// them with Slack and writes `.env`. With `--aws` it also fills the secret in AWS. Running it again offers the saved
// values as defaults.
import { parseArgs } from 'node:util';
import { type GivenSettings, parseSettings } from './workspace/env-settings.ts';
import { useRegion } from './aws-region.ts';
import { appManifest, createLink } from './app-manifest.ts';
import { openLink } from './open-link.ts';
import { createPrompter } from './prompt.ts';
import { setupStack } from './setup-stack.ts';
import { readEnvFile, variables, writeEnvFile } from './env-file.ts';
import { say, reportChecks } from './check.ts';
import { fillSecret } from './fill-secret.ts';
import { parseContext, peopleIn, settingsOf } from './settings.ts';
import { exitWithError, Stopped } from './usage-error.ts';
import { appToken, approvers, botToken, channel, signingSecret, promptFor } from './prompts.ts';
import { slackApiUrl } from './workspace/slack-api-url.ts';
import { checkWorkspace } from './workspace/check-workspace.ts';

const USAGE =
  'npm run setup -- [--aws] [--open] [--bot-token xoxb-…] [--app-token xapp-…] [--signing-secret …] [--channel C0123456789] [--approvers U012AB3CD,U045EF6GH] [-c stage=prod] [--yes]\n         or: npm run setup -- --stack MyStack';

const ENV = '.env';

const prompter = createPrompter();
try {
  useRegion();
  const args = process.argv.slice(2);
  // The stack of an app has no settings of this project; what the command needs is in the outputs of the stack.
  const isForStack = args.some((arg) => arg === '--stack' || arg.startsWith('--stack='));
  await (isForStack ? setupStack(args) : setupProject());
} catch (error) {
  exitWithError(error, USAGE);
} finally {
  prompter.close();
}

async function setupProject(): Promise<void> {
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
  const saved = readEnvFile(ENV);
  const env = process.env;
  const link = createLink(appManifest());
  say(
    '1. Create the Slack app. This link opens a form that is filled in; then press "Install to Workspace":\n',
  );
  say(`   ${link}\n`);
  if (values.open) openLink(link);
  say('   If the app exists already, open its settings at https://api.slack.com/apps\n');
  say('2. Enter the tokens of the app, the channel and the approvers. Tokens are not shown.\n');
  const bot = await promptFor(
    botToken,
    values['bot-token'] ?? env['SLACK_BOT_TOKEN'],
    saved['SLACK_BOT_TOKEN'],
    prompter,
  );
  // Slack sends signed requests to a deployed bot. A local bot opens the connection itself, with the app-level token.
  const credential = values.aws
    ? { name: 'SLACK_SIGNING_SECRET', prompt: signingSecret, given: values['signing-secret'] }
    : { name: 'SLACK_APP_TOKEN', prompt: appToken, given: values['app-token'] };
  const credentialValue = await promptFor(
    credential.prompt,
    credential.given ?? env[credential.name],
    saved[credential.name],
    prompter,
  );
  const savedSettings = parseSettings(saved['SETTINGS']);
  const own = {
    channel: await promptFor(channel, values.channel, asText(savedSettings['channel']), prompter),
    approvers: await promptFor(approvers, values.approvers, asText(savedSettings['approvers']), prompter),
  };
  const chosen = {
    ...defaultRules(own.approvers),
    ...savedSettings,
    ...parseContext(values.context),
    ...own,
  };
  const settings = settingsOf(chosen);
  say('\n3. Checking with Slack:\n');
  const questions = {
    botToken: bot,
    appToken: values.aws ? undefined : credentialValue,
    scopes: appManifest().oauth_config.scopes.bot,
    channels: [settings.policies.default.channel],
    people: peopleIn(settings),
    guests: settings.guests,
    setup: 'this command again',
    slackApiUrl: slackApiUrl(variables(ENV), settings.slackApiUrl),
  };
  const failed = await reportChecks(checkWorkspace(questions));
  const isAccepted = !failed.includes('bot token');
  // A bot token that Slack rejects must not replace one that worked.
  if (isAccepted || saved['SLACK_BOT_TOKEN'] === undefined) {
    const json = JSON.stringify({ stage: settings.stage, ...chosen }).replaceAll("'", String.raw`\u0027`);
    writeEnvFile(ENV, { SLACK_BOT_TOKEN: bot, [credential.name]: credentialValue, SETTINGS: json });
    say(`\nSaved to ${ENV}. Only you can read this file, and git ignores it.`);
  } else {
    say(`\n${ENV} was not changed.`);
  }
  // Fill the secret even if the channel or an approver is wrong, because the bot needs the secret to answer Slack.
  if (values.aws && isAccepted)
    await fillSecret(
      `countersign/${settings.stage}/slack`,
      { botToken: bot, signingSecret: credentialValue },
      values.yes,
      prompter,
    );
  if (failed.length > 0)
    throw new Stopped(
      'Some checks failed (✗). Fix them and run this command again. Press Enter to keep a value from .env.',
    );
  say(values.aws ? 'Next: npm run deploy' : 'Next: npm start');
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * Settings for the first setup. They replace the settings in `cdk.json`, which contain a user group of the local Slack.
 * Settings that are saved in `.env` take precedence.
 */
function defaultRules(people: string): GivenSettings {
  const ids = people.split(',');
  const many = ids.length > 2 || ids.some((id) => id.startsWith('S'));
  return {
    tiers: [{ upToUsd: 10_000, approvals: 1 }, ...(many ? [{ upToUsd: 250_000, approvals: 2 }] : [])],
    escalateTo: '',
  };
}
