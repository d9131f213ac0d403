// `npm run deploy`: checks the prerequisites, shows the changes, deploys the stack, fills the secret, gives Slack the
// bot's address and tests the result. It changes nothing before the operator confirms; `--yes` skips the confirmation.
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { useRegion } from './aws-region.ts';
import { confirm } from './prompt.ts';
import { cdk } from './cdk.ts';
import { variables } from './env-file.ts';
import { say, reportChecks } from './check.ts';
import { updateSlackApp } from './update-slack-app.ts';
import { preflight } from './preflight.ts';
import { putSecret, readSecret } from './secret.ts';
import { type Outputs, selfTest } from './self-test.ts';
import { asArguments, parseSettings } from './workspace/env-settings.ts';
import { bootstrapQualifier, parseContext, settingsOf } from './settings.ts';
import { exitWithError, Stopped, UsageError } from './usage-error.ts';
import { slackApiUrl } from './workspace/slack-api-url.ts';

const USAGE =
  'npm run deploy -- [--yes] [--no-ask] [--config-token xoxe.xoxp-…] [-c stage=prod] [-c name=value …]';

try {
  useRegion();
  const { values } = parseArgs({
    options: {
      yes: { type: 'boolean', default: false },
      'no-ask': { type: 'boolean', default: false },
      'config-token': { type: 'string' },
      context: { type: 'string', short: 'c', multiple: true, default: [] },
    },
  });
  const env = variables('.env');
  const configToken = values['config-token'] ?? env['SLACK_CONFIG_TOKEN'];
  if (configToken && !configToken.startsWith('xoxe.'))
    throw new UsageError(
      'The configuration token must begin with xoxe. Copy it from Your App Configuration Tokens at https://api.slack.com/apps, or leave it out: then you paste a manifest.',
    );
  const saved = parseSettings(env['SETTINGS']);
  const given = { ...saved, ...parseContext(values.context) };
  const settings = settingsOf(given);
  if (saved['stage'] !== undefined && saved['stage'] !== settings.stage)
    throw new UsageError(
      `.env is for stage ${JSON.stringify(saved['stage'])} and has the app, channel and approvers of that stage. To deploy ${settings.stage}, use another clone, or move .env away.`,
    );
  const { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret } = env;
  const own = botToken && signingSecret ? { botToken, signingSecret } : undefined;
  const apiUrl = slackApiUrl(env, settings.slackApiUrl);
  const stack = `Countersign-${settings.stage}`;
  const context = asArguments(given);

  say('1. Checking the prerequisites\n');
  const unmet = await reportChecks(preflight(settings, bootstrapQualifier(given), own, apiUrl));
  if (unmet.length > 0)
    throw new Stopped('Some checks failed (✗). Nothing was changed. Fix them and run this command again.');

  say('\n2. Changes\n');
  say('Synthesising the stack, and comparing it with the deployed one …');
  await cdk(['diff', stack, ...context]);
  const where = process.env['AWS_REGION'] ?? "your profile's region";
  if (!values.yes && !(await confirm(`\nDeploy ${stack} in ${where}?`, '--yes')))
    throw new Stopped('Nothing was changed.');

  say('\n3. Deploying\n');
  const folder = resolve('.local/deployed');
  mkdirSync(folder, { recursive: true });
  const outputsFile = join(folder, `${stack}.json`);
  await cdk(['deploy', stack, '--require-approval', 'never', '--outputs-file', outputsFile, ...context]);
  const outputs: Outputs = JSON.parse(readFileSync(outputsFile, 'utf8'))[stack];

  say('\n4. Connecting Slack and the bot\n');
  const name = outputs['SecretName'] ?? '';
  const secrets = new SecretsManagerClient();
  if (own && (await readSecret(secrets, name)).state === 'empty') await putSecret(secrets, name, own);
  const stored = await readSecret(secrets, name);
  if (stored.state !== 'filled')
    throw new Stopped(
      `${stack} is deployed, but its secret ${name} is empty, so the bot cannot answer Slack. Fill it with npm run setup -- --aws, then run this command again.`,
    );
  say(`   ✓ secret ${name}: filled`);
  const isUpdated = await updateSlackApp({
    botUrl: outputs['BotUrl'] ?? '',
    botToken: stored.secret.botToken,
    configToken,
    slackApiUrl: apiUrl,
    file: join(folder, `${stack}-manifest.json`),
  });

  say('\n5. Testing the deployment\n');
  const failed = await reportChecks(selfTest(outputs, stored.secret.signingSecret, values['no-ask']));
  if (failed.length > 0)
    throw new Stopped(
      `${stack} is deployed, but some tests failed (✗). Fix them, then test it again: npm run check:deployed -- --stack ${stack}`,
    );
  say(
    `\nDeployed. ${isUpdated ? 'Type /trade in Slack.' : 'Once the Slack app has the address, type /trade in Slack.'}`,
  );
  say(`Subscribe to the alarms: ${outputs['AlarmsTopic']}`);
} catch (error) {
  exitWithError(error, USAGE);
}
