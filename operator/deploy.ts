// `npm run deploy`: what must be there, what will change, the deployment, the secret, the app's new address, and whether it
// works. Nothing is changed before somebody says yes. Run again, it deploys what has changed since.
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { confirmed } from './ask.ts';
import { cdk } from './cdk.ts';
import { readEnvFile } from './env-file.ts';
import { say, tellFindings } from './finding.ts';
import { handOver } from './hand-over.ts';
import { preflight } from './preflight.ts';
import { putSecret, stateOfSecret } from './secret.ts';
import { type Outputs, selfTest } from './self-test.ts';
import { asArguments, parseSettings } from '../local/env-settings.ts';
import { parseContext, settingsOf } from './settings.ts';
import { refuse, Unusable } from './unusable.ts';

const USAGE = 'npm run deploy -- [--yes] [--config-token xoxe.xoxp-…] [-c stage=prod] [-c name=value …]';

try {
  const { values } = parseArgs({
    options: {
      yes: { type: 'boolean', default: false },
      'config-token': { type: 'string' },
      context: { type: 'string', short: 'c', multiple: true, default: [] },
    },
  });
  const env = readEnvFile('.env');
  const given = { ...parseSettings(env['SETTINGS']), ...parseContext(values.context) };
  const settings = settingsOf(given);
  const { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret } = env;
  const stack = `Countersign-${settings.stage}`;
  const context = asArguments(given);

  say('1. What must be there\n');
  const wrong = await tellFindings(preflight(settings, Boolean(botToken && signingSecret)));
  if (wrong > 0) throw new Unusable('Not all is there (✗). Nothing was changed.');

  say('\n2. What will change\n');
  await cdk(['diff', stack, ...context]);
  if (!values.yes && !(await confirmed('\nDeploy this?', '--yes')))
    throw new Unusable('Nothing was changed.');

  say('\n3. The deployment\n');
  const folder = resolve('.local/deployed');
  mkdirSync(folder, { recursive: true });
  const written = join(folder, `${stack}.json`);
  await cdk(['deploy', stack, '--require-approval', 'never', '--outputs-file', written, ...context]);
  const outputs: Outputs = JSON.parse(readFileSync(written, 'utf8'))[stack];

  say('\n4. What Slack and the bot must know of each other\n');
  const name = outputs['SecretName'] ?? '';
  const secrets = new SecretsManagerClient();
  if (botToken && signingSecret && (await stateOfSecret(secrets, name)) === 'empty')
    await putSecret(secrets, name, { botToken, signingSecret });
  if ((await stateOfSecret(secrets, name)) === 'empty')
    throw new Unusable(
      `The secret ${name} is empty, and so the bot answers nobody: npm run setup -- --aws fills it. Then run this again.`,
    );
  say(`   ✓ secret ${name}: is filled`);
  const handed = await handOver({
    botUrl: outputs['BotUrl'] ?? '',
    botToken,
    configToken: values['config-token'] ?? process.env['SLACK_CONFIG_TOKEN'],
    slackApiUrl: process.env['SLACK_API_URL'] ?? settings.slackApiUrl,
    file: join(folder, `${stack}-manifest.json`),
  });

  say('\n5. Whether it works\n');
  const failed = await tellFindings(selfTest(outputs));
  if (failed > 0) throw new Unusable('It is deployed, and does not work yet (✗).');
  say(
    handed
      ? '\nDone. Type /trade in Slack.'
      : '\nDone, but for the address in the Slack app (✗): until then no button works.',
  );
  say(`Subscribe to the alarms: ${outputs['AlarmsTopic']}`);
} catch (error) {
  refuse(error, USAGE);
}
