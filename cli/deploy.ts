// `npm run deploy`: what must be there, what will change, the deployment, the secret, the app's new address, and whether it
// works. Nothing is changed before somebody says yes. Run again, it deploys what has changed since.
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
import { parseContext, settingsOf } from './settings.ts';
import { exitWithError, Stopped, UsageError } from './usage-error.ts';

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
    throw new UsageError('That is no configuration token, which begins with xoxe.');
  const kept = parseSettings(env['SETTINGS']);
  const given = { ...kept, ...parseContext(values.context) };
  const settings = settingsOf(given);
  if (kept['stage'] !== undefined && kept['stage'] !== settings.stage)
    throw new UsageError(
      `.env is of the stage ${JSON.stringify(kept['stage'])}, with its app, channel and people: deploy ${settings.stage} from a clone of its own, or move .env away.`,
    );
  const { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret } = env;
  const own = botToken && signingSecret ? { botToken, signingSecret } : undefined;
  const stack = `Countersign-${settings.stage}`;
  const context = asArguments(given);

  say('1. What must be there\n');
  const missing = await reportChecks(preflight(settings, own));
  if (missing.length > 0) throw new Stopped('Not all is there (✗). Nothing was changed.');

  say('\n2. What will change\n');
  await cdk(['diff', stack, ...context]);
  const where = process.env['AWS_REGION'] ?? 'the region of your profile';
  if (!values.yes && !(await confirm(`\nDeploy ${stack} in ${where}?`, '--yes')))
    throw new Stopped('Nothing was changed.');

  say('\n3. The deployment\n');
  const folder = resolve('.local/deployed');
  mkdirSync(folder, { recursive: true });
  const written = join(folder, `${stack}.json`);
  await cdk(['deploy', stack, '--require-approval', 'never', '--outputs-file', written, ...context]);
  const outputs: Outputs = JSON.parse(readFileSync(written, 'utf8'))[stack];

  say('\n4. What Slack and the bot must know of each other\n');
  const name = outputs['SecretName'] ?? '';
  const secrets = new SecretsManagerClient();
  if (own && (await readSecret(secrets, name)).state === 'empty') await putSecret(secrets, name, own);
  const there = await readSecret(secrets, name);
  if (there.state !== 'filled')
    throw new Stopped(
      `${stack} is deployed, but its secret ${name} is empty, and so the bot answers nobody: npm run setup -- --aws fills it. Then run this again.`,
    );
  say(`   ✓ secret ${name}: is filled`);
  const handed = await updateSlackApp({
    botUrl: outputs['BotUrl'] ?? '',
    botToken: there.secret.botToken,
    configToken,
    slackApiUrl: env['SLACK_API_URL'] ?? settings.slackApiUrl,
    file: join(folder, `${stack}-manifest.json`),
  });

  say('\n5. Whether it works\n');
  const failed = await reportChecks(selfTest(outputs, there.secret.signingSecret, values['no-ask']));
  if (failed.length > 0) throw new Stopped(`${stack} is deployed, and does not work yet (✗).`);
  say(
    `\nDeployed. ${handed ? 'Type /trade in Slack.' : 'Once the Slack app has the address, type /trade in Slack.'}`,
  );
  say(`Subscribe to the alarms: ${outputs['AlarmsTopic']}`);
} catch (error) {
  exitWithError(error, USAGE);
}
