// What must be there before anything is deployed or destroyed: settings that are somebody's own, credentials, a region, CDK's
// bootstrap, the secret. Each is asked of AWS itself, and what is wrong comes with what to do.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import type { Settings } from '../stack/trading/settings.ts';
import type { SlackSecret } from '../aws/slack-secret.ts';
import type { Check } from './check.ts';
import { isSame } from './fill-secret.ts';
import { readSecret, type Secret } from './secret.ts';

/** The channel of the Slack on this machine, which the defaults name: there is none such anywhere else. */
const LOCAL_CHANNEL = 'C0TRADING';

/** Where CDK 2 writes which version of its bootstrap is there: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping.html */
const BOOTSTRAP = '/cdk-bootstrap/hnb659fds/version';

/** The templates of CDK 2 say so themselves, as their rule CheckBootstrapVersion. */
const LEAST_BOOTSTRAP = 6;

/** @param own token and signing secret that are at hand */
export async function* preflight(settings: Settings, own: SlackSecret | undefined): AsyncGenerator<Check> {
  yield ownChannel(settings);
  const secrets = new SecretsManagerClient();
  const region = await checkOf('region', () => secrets.config.region());
  yield region;
  const credentials = await checkOf(
    'credentials',
    async () => (await secrets.config.credentials()).accessKeyId,
  );
  yield credentials;
  if (region.remedy || credentials.remedy) return;
  yield checkOf('bootstrap of CDK', bootstrapVersion);
  const name = `countersign/${settings.stage}/slack`;
  yield checkOf(`secret ${name}`, async () => secretFound(await readSecret(secrets, name), own));
}

function ownChannel({ stage, channel }: Settings): Check {
  const what = `settings of the stage ${stage}`;
  if (channel !== LOCAL_CHANNEL) return { what, found: `asks in ${channel}` };
  const remedy =
    'That channel exists on this machine only: npm run setup -- --aws asks for yours, or give it in cdk.json, or with -c channel=C0123456789.';
  return { what, found: `channel is ${channel}`, remedy };
}

async function bootstrapVersion(): Promise<string | Omit<Check, 'what'>> {
  const remedy = 'Once an account and region: npx cdk bootstrap';
  try {
    const { Parameter } = await new SSMClient().send(new GetParameterCommand({ Name: BOOTSTRAP }));
    const version = Number(Parameter?.Value);
    const old = !(version >= LEAST_BOOTSTRAP);
    const account = Parameter?.ARN?.split(':')[4];
    const where = account ? `, of the account ${account}` : '';
    return { found: `version ${Parameter?.Value}${where}`, ...(old ? { remedy } : {}) };
  } catch (error) {
    if (error instanceof ParameterNotFound) return { found: 'is not there', remedy };
    throw error;
  }
}

function secretFound(there: Secret, own: SlackSecret | undefined): string | Omit<Check, 'what'> {
  if (there.state === 'filled') {
    if (!own) return 'is filled';
    if (isSame(there.secret, own)) return 'is filled, with what .env has';
    const remedy = 'npm run setup -- --aws puts those of .env there; or take them out of .env.';
    return { found: 'has another token or signing secret than .env', remedy };
  }
  const at = there.state === 'none' ? 'comes with the stack' : 'is empty';
  return own ? `${at}; filled after it` : `${at}; npm run setup -- --aws fills it afterwards`;
}

async function checkOf(what: string, look: () => Promise<string | Omit<Check, 'what'>>): Promise<Check> {
  try {
    const seen = await look();
    return { what, ...(typeof seen === 'string' ? { found: seen } : seen) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { what, found: message, remedy: remedies[name] ?? remedyFor(message) };
  }
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/creds-config-files.html */
const SIGN_IN = 'Sign in, for example: aws sso login, and export AWS_PROFILE=…';

const remedies: Readonly<Record<string, string>> = {
  CredentialsProviderError: SIGN_IN,
  ExpiredTokenException: SIGN_IN,
  ExpiredToken: SIGN_IN,
  UnrecognizedClientException: SIGN_IN,
  InvalidClientTokenId: SIGN_IN,
  AccessDeniedException: 'These credentials may not read that: take those with which you deploy.',
};

function remedyFor(message: string): string {
  return message.includes('Region') ? 'Say which, for example: export AWS_REGION=eu-central-1' : SIGN_IN;
}
