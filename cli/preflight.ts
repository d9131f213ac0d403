// Checks the prerequisites of a deployment: the channel setting, the AWS region and credentials, CDK's bootstrap, what
// an earlier deployment left, the secret, and the workspace and the scopes of the Slack app. `npm run deploy` calls it.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { WebClient } from '@slack/web-api';
import { ADD_SCOPES, botTokenAdvice, STORE_IN_SECRET } from '../slack/app-advice.ts';
import { OPERATOR_OF_APP } from '../slack/error-codes.ts';
import { definitelyNotExecuted, slackErrorCode } from '../slack/slack-errors.ts';
import { functionUrlProblem } from '../stack/function-url-regions.ts';
import type { Settings } from '../stack/trading/settings.ts';
import type { SlackSecret } from '../aws/slack-secret.ts';
import { readAppManifest } from './app-manifest.ts';
import { bootstrapVersion, checkKey, checkConcurrency } from './account-checks.ts';
import { awsRemedy, messageOf } from './aws-remedy.ts';
import type { Check, Found } from './check.ts';
import { isSame } from './fill-secret.ts';
import { isDeployed, leftOver } from './left-over.ts';
import { readSecret, type Secret } from './secret.ts';
import { organizationProblem } from './workspace/organization.ts';

/** The default channel, which exists only in the local Slack. */
const LOCAL_CHANNEL = 'C0TRADING';

const SLACK_TIMEOUT_MS = 10_000;

/**
 * A failed check has a remedy.
 * @param qualifier of CDK's bootstrap
 * @param own token and signing secret from `.env` or the environment; undefined unless both are set
 * @param slackApiUrl base address of Slack's Web API, with the closing slash
 */
export async function* preflight(
  settings: Settings,
  qualifier: string,
  own: SlackSecret | undefined,
  slackApiUrl: string,
): AsyncGenerator<Check> {
  yield checkChannel(settings);
  let hasAccess = true;
  for await (const check of checkAccess()) {
    hasAccess &&= check.remedy === undefined;
    yield check;
  }
  if (!hasAccess) return;
  const secrets = new SecretsManagerClient();
  if (settings.kmsKeyArn) yield checkKey(settings.kmsKeyArn, await secrets.config.region());
  yield checkOf('CDK bootstrap', () => bootstrapVersion(qualifier));
  const { stage } = settings;
  let exists = true;
  yield await checkOf(`stack Countersign-${stage}`, async () => {
    exists = await isDeployed(stage);
    return exists ? 'will be updated' : 'will be created';
  });
  if (!exists) yield checkOf('left by an earlier deployment', () => leftOver(`Countersign-${stage}`));
  if (settings.botConcurrency > 0)
    yield checkOf('reserved concurrency', () => checkConcurrency(settings.botConcurrency));
  const name = `countersign/${stage}/slack`;
  let stored: Secret | undefined;
  yield await checkOf(`secret ${name}`, async () => {
    stored = await readSecret(secrets, name);
    return secretInTheWay(name, stored, exists) ?? checkSecret(stored, own);
  });
  const botToken = own?.botToken ?? (stored?.state === 'filled' ? stored.secret.botToken : undefined);
  if (botToken !== undefined)
    yield checkOf('scopes of the Slack app', () => checkScopes(botToken, slackApiUrl));
}

/** Checks that the SDK finds credentials, and a region in which Lambda offers Function URLs. */
export async function* checkAccess(): AsyncGenerator<Check> {
  const { config } = new SecretsManagerClient();
  yield checkOf('region', async () => {
    const found = await config.region();
    return { found, remedy: functionUrlProblem(found) };
  });
  yield checkOf('credentials', async () => (await config.credentials()).accessKeyId);
}

function checkChannel({ stage, policies }: Settings): Check {
  const { channel } = policies.default;
  const what = `settings of stage ${stage}`;
  if (channel !== LOCAL_CHANNEL) return { what, found: `channel is ${channel}` };
  const remedy =
    'This channel exists only in the local Slack. Run npm run setup -- --aws, set your channel in cdk.json, or pass -c channel=C0123456789.';
  return { what, found: `channel is ${channel}`, remedy };
}

/** Returns a failed check if the stack could not create or read the secret, so that the deployment would fail. */
function secretInTheWay(name: string, { state }: Secret, exists: boolean): Found | undefined {
  const remove = `aws secretsmanager delete-secret --secret-id ${name} --force-delete-without-recovery`;
  const restore = `aws secretsmanager restore-secret --secret-id ${name}`;
  if (state === 'deleted')
    return {
      found: 'scheduled for deletion',
      remedy: exists
        ? `The stack needs it. Restore it: ${restore}`
        : `The stack cannot create it until it is deleted. Delete it now: ${remove}\n     If you need its values, read them first: ${restore}, then aws secretsmanager get-secret-value --secret-id ${name}`,
    };
  if (exists || state === 'none') return undefined;
  const found = 'exists, but the stack does not';
  return { found, remedy: `The stack cannot create it again. Note its values, then delete it: ${remove}` };
}

function checkSecret(stored: Secret, own: SlackSecret | undefined): Found {
  if (stored.state === 'filled') {
    if (!own) return 'filled';
    if (isSame(stored.secret, own)) return 'filled with the values in .env';
    const remedy = 'Run npm run setup -- --aws to use the values in .env, or remove them from .env.';
    return { found: 'has a different token or signing secret than .env', remedy };
  }
  const found = stored.state === 'none' ? 'will be created' : 'empty';
  return own
    ? `${found}; will be filled after the deployment`
    : `${found}; fill it after the deployment with npm run setup -- --aws`;
}

/** Passes if Slack does not answer, because CDK deploys without Slack. */
async function checkScopes(botToken: string, slackApiUrl: string): Promise<Found> {
  const slack = new WebClient(botToken, {
    slackApiUrl,
    retryConfig: { retries: 1 },
    rejectRateLimitedCalls: true,
    timeout: SLACK_TIMEOUT_MS,
  });
  const required = readAppManifest().oauth_config.scopes.bot;
  try {
    const answer = await slack.auth.test();
    const problem = organizationProblem(answer);
    if (problem) return { found: 'not supported', remedy: problem };
    const { response_metadata: { scopes: granted = [] } = {} } = answer;
    const missing = required.filter((scope) => !granted.includes(scope));
    if (missing.length === 0) return `all ${required.length} granted`;
    return { found: `missing ${missing.join(', ')}`, remedy: ADD_SCOPES };
  } catch (error) {
    const code = slackErrorCode(error);
    if (code === undefined || !definitelyNotExecuted(error))
      return 'not checked, because Slack does not answer';
    const remedy = OPERATOR_OF_APP.get(code) ?? `${botTokenAdvice(code)} ${STORE_IN_SECRET}`;
    return { found: code, remedy };
  }
}

async function checkOf(what: string, run: () => Promise<Found>): Promise<Check> {
  try {
    const found = await run();
    return { what, ...(typeof found === 'string' ? { found } : found) };
  } catch (error) {
    return { what, found: messageOf(error), remedy: awsRemedy(error) };
  }
}
