// `countersign setup --stack NAME`: helps an operator create the Slack app of a deployed stack, asks for its token and
// signing secret, checks them with Slack, and puts them into the stack's secret. They are stored nowhere else.
import { parseArgs } from 'node:util';
import { appManifest, createLink } from './app-manifest.ts';
import { reportChecks, say } from './check.ts';
import { fillSecret } from './fill-secret.ts';
import { openLink } from './open-link.ts';
import { createPrompter } from './prompt.ts';
import { botToken, promptFor, signingSecret } from './prompts.ts';
import { readStackOutputs } from './stack-outputs.ts';
import { Stopped } from './usage-error.ts';
import { checkWorkspace } from './workspace/check-workspace.ts';
import { slackApiUrl } from './workspace/slack-api-url.ts';

export const setupUsage =
  'npx countersign setup --stack MyStack [--open] [--bot-token xoxb-…] [--signing-secret …] [--yes]';

export async function setupStack(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: 'string' },
      open: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      'bot-token': { type: 'string' },
      'signing-secret': { type: 'string' },
    },
  });
  const { env } = process;
  const apiUrl = slackApiUrl(env, 'https://slack.com/api/');
  const { stack, region, botUrl, channels, secretName } = await readStackOutputs(values.stack);
  const manifest = appManifest(botUrl);
  const link = createLink(manifest);
  say(`Stack ${stack} in ${region}, channel ${channels.join(', ')}\n
1. Create the Slack app. This link opens a form that is filled in; then press "Install to Workspace":\n
   ${link}\n
   If your stack sets its own \`command\`, change the slash command in the form. If the app exists already, open its
   settings at https://api.slack.com/apps, and set its three addresses to ${botUrl}\n`);
  if (values.open) openLink(link);
  say('2. Enter the token and the signing secret of the app. They are not shown.\n');
  const prompter = createPrompter();
  try {
    const token = await promptFor(
      botToken,
      values['bot-token'] ?? env['SLACK_BOT_TOKEN'],
      undefined,
      prompter,
    );
    const secret = await promptFor(
      signingSecret,
      values['signing-secret'] ?? env['SLACK_SIGNING_SECRET'],
      undefined,
      prompter,
    );
    say('\n3. Checking with Slack:\n');
    const failed = await reportChecks(
      checkWorkspace({
        botToken: token,
        scopes: manifest.oauth_config.scopes.bot,
        channels,
        people: [],
        guests: 'none',
        setup: 'this command again',
        slackApiUrl: apiUrl,
      }),
    );
    say('');
    if (failed.includes('bot token'))
      throw new Stopped(
        `The secret ${secretName} was not changed. Correct the token and run this command again.`,
      );
    // Fill the secret even if a channel is wrong, because the bot needs it to answer Slack.
    const isFilled = await fillSecret(
      secretName,
      { botToken: token, signingSecret: secret },
      values.yes,
      prompter,
    );
    if (!isFilled)
      throw new Stopped(
        `The bot of ${stack} cannot answer Slack without its secret ${secretName}. If the secret does not exist, deploy the stack again. Then run this command again.`,
      );
    if (failed.length > 0)
      throw new Stopped('Some checks failed (✗). Fix them, then run: npx countersign check --stack ' + stack);
  } finally {
    prompter.close();
  }
  say(`4. Slack accepts the address once the bot answers it. If the settings of the app show it as not verified, verify it now.\n
Next: npx countersign check --stack ${stack}`);
}
