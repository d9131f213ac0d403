// Tests `npm run deploy`, `npm run destroy` and `npm run setup -- --aws` with the local cloud as AWS. A stand-in for
// CDK's command line records its arguments; the stack it would deploy is already running.
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openTradingDesk, operator, type TradingDesk } from '../support/trading-desk.ts';
import {
  CONFIG_TOKEN,
  openOperatorDesk,
  type OperatorTerminal,
  type Ran,
} from '../support/operator-terminal.ts';

let desk: TradingDesk;
let operators: OperatorTerminal;
let secrets: SecretsManagerClient;
let botToken: string;
let signingSecret: string;
let path: string;
let told: string;
let bootstrap: string | undefined;
let qualifier: string;
let deletedSecrets: ReturnType<typeof createServer>;
let ssm: ReturnType<typeof createServer>;

beforeAll(async () => {
  desk = await openTradingDesk();
  secrets = new SecretsManagerClient({ ...operator, endpoint: desk.cloud.url });
  ({ botToken, signingSecret } = JSON.parse(await secret()));
  operators = await openOperatorDesk(desk.slack.apiUrl);
  ssm = createServer((request, response) => {
    void (async () => {
      const { Name } = JSON.parse(await text(request));
      const isKnown = bootstrap && Name === `/cdk-bootstrap/${qualifier}/version`;
      const answer = isKnown ? { Parameter: { Value: bootstrap } } : { __type: 'ParameterNotFound' };
      response.writeHead(isKnown ? 200 : 400, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer));
    })();
  });
  // The error of a secret in its recovery window. The local cloud has no operation that deletes a secret.
  deletedSecrets = createServer((_, response) => {
    const message = "You can't perform this operation on the secret because it was marked for deletion.";
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ __type: 'InvalidRequestException', message }));
  });
  await new Promise<void>((resolve) => deletedSecrets.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => ssm.listen(0, '127.0.0.1', resolve));
  ({ path, told } = standInForCdk(desk.cloud.outputs));
});
afterAll(async () => {
  ssm.close();
  deletedSecrets.close();
  operators.close();
  await desk.stop();
});

beforeEach(async () => {
  bootstrap = '21';
  qualifier = 'hnb659fds';
  writeFileSync(told, '');
  await put('{}');
  operators.writeEnv(
    `SLACK_BOT_TOKEN=${botToken}\nSLACK_SIGNING_SECRET=${signingSecret}\nSETTINGS='{"channel":"C0ACME00"}'\n`,
  );
});
afterEach(() => put(JSON.stringify({ botToken, signingSecret })));

it('deploy checks, shows the changes, asks, deploys, fills the secret, updates the Slack app, and tests the bot', async () => {
  const { code, out, err } = await deploy(['--config-token', CONFIG_TOKEN], 'y\n');
  expect({ code, err: err.split('\n')[1] }).toEqual({
    code: 0,
    err: 'Deploy Countersign-dev in us-east-1? (y/N): ',
  });
  expect(commands()).toEqual([
    'diff Countersign-dev -c channel=C0ACME00',
    expect.stringMatching(
      /^deploy Countersign-dev --require-approval never --outputs-file \S+Countersign-dev\.json -c channel=C0ACME00$/,
    ),
  ]);
  expect(JSON.parse(await secret())).toEqual({ botToken, signingSecret });
  const url = desk.cloud.outputs['BotUrl'];
  expect(JSON.parse(operators.manifests.at(-1) ?? '')).toMatchObject({
    features: { slash_commands: [{ command: '/trade', url }] },
    settings: {
      event_subscriptions: { request_url: url },
      interactivity: { request_url: url },
      socket_mode_enabled: false,
    },
  });
  expect(out).toMatch(/✓ scopes of the Slack app: all \d+ granted/);
  expect(out).toContain('✓ an unsigned request: answered 401');
  expect(out).toContain('✓ a request signed with the secret in AWS: answered 200');
  expect(out).toContain('✓ a test execution: posted its request in channel C0TRADING; decline it there');
  expect(desk.slack.messages().at(-1)?.text).toContain('Is this working?');
  expect(out).toContain('Deployed. Type /trade in Slack.');
  for (const hidden of [botToken, signingSecret, CONFIG_TOKEN]) expect(out + err).not.toContain(hidden);
});

it('deploy changes nothing without a yes', async () => {
  for (const [answer, said] of [
    ['n\n', 'Nothing was changed.'],
    ['\n', 'Nothing was changed.'],
    ['', '. Pass it as --yes'],
  ] as const) {
    const { code, err } = await deploy([], answer);
    expect(code).toBe(1);
    expect(err).toContain(said);
  }
  expect(commands().every((command) => command.startsWith('diff'))).toBe(true);
  expect(await secret()).toBe('{}');
});

it('deploy --yes asks nothing, and writes the manifest to a file if there is no configuration token', async () => {
  const { code, out } = await deploy(['--yes']);
  expect(code).toBe(0);
  const [, file = ''] = /paste (\S+) into App Manifest/.exec(out) ?? [];
  expect(JSON.parse(readFileSync(file, 'utf8')).settings.interactivity.request_url).toBe(
    desk.cloud.outputs['BotUrl'],
  );
  expect(out).toContain('Deployed. Once the Slack app has the address, type /trade in Slack.');
});

it('deploy keeps a filled secret and stops if .env has a different one', async () => {
  const filled = JSON.stringify({ botToken, signingSecret: 'fedcba9876543210fedcba9876543210' });
  await put(filled);
  const { code, out } = await deploy(['--yes']);
  expect(out).toMatch(
    /✗ secret .*: has a different token or signing secret than \.env\n +Run npm run setup -- --aws to use the values/,
  );
  expect({ code, commands: commands(), secret: await secret() }).toEqual({
    code: 1,
    commands: [],
    secret: filled,
  });
});

it('deploy continues and says so if Slack rejects the configuration token', async () => {
  const { code, out } = await deploy(['--yes', '--config-token', 'xoxe.xoxp-expired']);
  expect(out).toMatch(
    /! Slack app: did not accept the address \(.*invalid_auth\)\n +If the address is missing, paste/,
  );
  expect(out).toContain('✓ a test execution');
  expect(code).toBe(0);
  const odd = await deploy(['--yes', '--config-token', 'foo']);
  expect(odd.err).toContain(
    'The configuration token must begin with xoxe. Copy it from Your App Configuration Tokens at https://api.slack.com/apps, or leave it out',
  );
});

it('deploy --no-ask posts no test request in the channel', async () => {
  const before = desk.slack.messages().length;
  expect((await deploy(['--yes', '--no-ask'])).code).toBe(0);
  expect(desk.slack.messages()).toHaveLength(before);
});

it('deploy refuses to deploy one stage with the app and approvers of another', async () => {
  operators.writeEnv(`SETTINGS='{"stage":"dev","channel":"C0ACME00"}'\n`);
  const { code, err } = await deploy(['--yes', '-c', 'stage=prod']);
  expect(err).toContain(
    '.env is for stage "dev" and has the app, channel and approvers of that stage. To deploy prod, use another clone',
  );
  expect({ code, commands: commands() }).toEqual({ code: 1, commands: [] });
});

it('deploy passes settings of the command line on, in preference to those of .env', async () => {
  await deploy(['-c', 'channel=C0OTHER0', '-c', 'defaultQuantity=5'], 'n\n');
  expect(commands()).toEqual(['diff Countersign-dev -c channel=C0OTHER0 -c defaultQuantity=5']);
});

it.each<[string, () => void, NodeJS.ProcessEnv, RegExp]>([
  [
    'the local channel',
    () => operators.writeEnv(''),
    {},
    /✗ settings .*C0TRADING\n +This channel exists only in the local Slack\. Run npm run setup/,
  ],
  [
    'a missing bootstrap',
    () => (bootstrap = undefined),
    {},
    /✗ CDK bootstrap: not found \(\/cdk-bootstrap\/hnb659fds\/version\)\n +Run this once per account and region: npx cdk bootstrap\n/,
  ],
  [
    'a missing bootstrap of another qualifier',
    () => operators.writeEnv(`SETTINGS='{"channel":"C0ACME00","@aws-cdk/core:bootstrapQualifier":"acme"}'\n`),
    {},
    /✗ CDK bootstrap: not found \(\/cdk-bootstrap\/acme\/version\)\n.*npx cdk bootstrap --qualifier acme --toolkit-stack-name CDKToolkit-acme\n/,
  ],
  ['an old bootstrap', () => (bootstrap = '5'), {}, /✗ CDK bootstrap: version 5\n/],
  [
    'a missing region',
    () => {},
    { AWS_DEFAULT_REGION: undefined, AWS_CONFIG_FILE: '/dev/null' },
    /✗ region: Region is missing\n +Set a region, for example: export AWS_REGION/,
  ],
  [
    'a region without Function URLs',
    () => {},
    { AWS_DEFAULT_REGION: 'il-central-1' },
    /✗ region: il-central-1\n +Lambda has no Function URLs in il-central-1, .* Deploy to another region/,
  ],
  [
    'missing credentials',
    () => {},
    {
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    },
    /✗ credentials: .*\n +Sign in, for example: aws sso login/,
  ],
])('deploy reports %s before it shows or changes anything', async (_, wrong, env, said) => {
  wrong();
  const { code, out, err } = await deploy(['--yes'], '', env);
  expect(out).toMatch(said);
  expect({ code, commands: commands() }).toEqual({ code: 1, commands: [] });
  expect(err).toContain('Nothing was changed.');
});

it('deploy accepts the bootstrap of a custom qualifier, and says whose roles it deploys with', async () => {
  qualifier = 'acme';
  const { out } = await deploy(['-c', '@aws-cdk/core:bootstrapQualifier=acme'], 'n\n');
  expect(out).toContain('✓ CDK bootstrap: version 21; deploys with the roles cdk-acme-…');
  expect(commands()).toEqual([
    'diff Countersign-dev -c channel=C0ACME00 -c @aws-cdk/core:bootstrapQualifier=acme',
  ]);
});

it.each([
  [
    '-c stage=two',
    /deletion\n +The stack cannot create it until .* delete-secret --secret-id countersign\/two\/slack --force-delete-without-recovery\n.* restore-secret --secret-id countersign\/two\/slack, then/,
  ],
  [
    '-c stage=dev',
    /deletion\n +The stack needs it\. Restore it: aws secretsmanager restore-secret --secret-id countersign\/dev\/slack\n/,
  ],
])('deploy %s says what to do with a secret that is scheduled for deletion', async (stage, said) => {
  const url = `http://127.0.0.1:${(deletedSecrets.address() as AddressInfo).port}`;
  const { code, out } = await deploy(['--yes', ...stage.split(' ')], '', {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
  });
  expect(out).toMatch(said);
  expect({ code, commands: commands() }).toEqual({ code: 1, commands: [] });
});

it.each([
  [
    10,
    /✗ reserved concurrency: 20 of the 10 concurrent executions of this account and region\n +Lambda keeps 100 unreserved\. Set/,
  ],
  [1_000, /✓ reserved concurrency: 20 of the 1000 concurrent executions of this account/],
])('deploy checks a reservation against the limit of the account: %i', async (limit, said) => {
  const lambda = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ AccountLimit: { ConcurrentExecutions: limit } }));
  });
  await new Promise<void>((resolve) => lambda.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`;
  const { out } = await deploy(['-c', 'botConcurrency=20'], 'n\n', { AWS_ENDPOINT_URL_LAMBDA: url });
  lambda.close();
  expect(out).toMatch(said);
});

it.each([
  ['us-east-1', /! KMS key: arn:.*\n +Its policy must allow what docs\/guides\/deploy-aws\.md lists\./],
  ['eu-central-1', /✗ KMS key: is in eu-central-1\n +Set kmsKeyArn to the ARN of a key in us-east-1\./],
])('deploy checks the region of the KMS key: %s', async (region, said) => {
  const key = `arn:aws:kms:${region}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  expect((await deploy(['-c', `kmsKeyArn=${key}`], 'n\n')).out).toMatch(said);
});

it('deploy names the tables that a failed first deployment left, and how to delete or import them', async () => {
  const table = 'Countersign-two-SlackApprovalsStorageApprovals0E1B2C3D-1ABCDEFGHIJKL';
  await new DynamoDBClient({ ...operator, endpoint: desk.cloud.url }).send(
    new CreateTableCommand({
      TableName: table,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  const { out } = await deploy(['-c', 'stage=two'], 'n\n');
  expect(out).toContain(`! left by an earlier deployment: ${table}\n`);
  expect(out).toContain('update-table --table-name <table> --no-deletion-protection-enabled');
  expect(out).toContain('npx cdk import Countersign-two');
  expect(commands()).toEqual(['diff Countersign-two -c channel=C0ACME00 -c stage=two']);
  expect((await deploy(['-c', 'stage=three'], 'n\n')).out).toContain(
    'left by an earlier deployment: nothing',
  );
});

it.each<[string, (wrong: { scopes: Set<string>; slack: TradingDesk['slack'] }) => void, RegExp]>([
  [
    'the scopes that the app lacks',
    ({ scopes }) => scopes.add('users:read.email'),
    /✗ scopes of the Slack app: missing users:read\.email\n +Add each missing scope under OAuth & Permissions .* reinstall the app/,
  ],
  [
    'a bot token that Slack rejects',
    ({ slack }) => slack.refuse('auth.test', 'token_revoked'),
    /✗ scopes of the Slack app: token_revoked\n +The app was uninstalled, .* Copy the bot token .* with npm run setup -- --aws/,
  ],
  [
    'a workspace of an organization',
    ({ slack }) => slack.joinOrganization('workspace'),
    /✗ scopes of the Slack app: not supported\n +The workspace Local belongs to an Enterprise Grid organization/,
  ],
  [
    'an app of a whole organization',
    ({ slack }) => slack.joinOrganization('whole'),
    /✗ scopes of the Slack app: not supported\n +The app is installed for the whole organization Local Org/,
  ],
])('deploy reports %s, with the token of .env or of the secret', async (_, breakSlack, said) => {
  breakSlack({ scopes: operators.withheld, slack: desk.slack });
  const fromEnv = await deploy(['--yes']);
  await put(JSON.stringify({ botToken, signingSecret }));
  operators.writeEnv(`SETTINGS='{"channel":"C0ACME00"}'\n`);
  const fromSecret = await deploy(['--yes']);
  operators.withheld.clear();
  desk.slack.stopFailing('auth.test');
  desk.slack.joinOrganization(undefined);
  for (const { code, out, err } of [fromEnv, fromSecret]) {
    expect(out).toMatch(said);
    expect({ code, commands: commands() }).toEqual({ code: 1, commands: [] });
    expect(err).toContain('Nothing was changed.');
  }
});

it.each<[string, () => void, NodeJS.ProcessEnv]>([
  ['cannot be reached', () => {}, { SLACK_API_URL: 'http://127.0.0.1:1/api/' }],
  ['fails internally', () => desk.slack.refuse('auth.test', 'internal_error'), {}],
])('deploy continues without a check of the scopes if Slack %s', async (_, breakSlack, env) => {
  breakSlack();
  const { code, out } = await deploy(['--yes', '--no-ask'], '', env);
  desk.slack.stopFailing('auth.test');
  expect(out).toContain('✓ scopes of the Slack app: not checked, because Slack does not answer');
  expect(code).toBe(0);
});

it('deploy says which command fills an empty secret, and that the bot does not work until then', async () => {
  operators.writeEnv(`SETTINGS='{"channel":"C0ACME00"}'\n`);
  const { code, out, err } = await deploy(['--yes']);
  expect(out).toContain('empty; fill it after the deployment with npm run setup -- --aws');
  expect({
    code,
    said: err.includes('Fill it with npm run setup -- --aws, then run this command again.'),
  }).toEqual({
    code: 1,
    said: true,
  });
});

const setupFlags = () =>
  `--aws --bot-token ${botToken} --signing-secret ${signingSecret} --channel C0TRADING --approvers U0BEN,U0CHLOE`.split(
    ' ',
  );

it('setup --aws fills the deployed secret, even if an approver is still wrong', async () => {
  const flags = [...setupFlags().slice(0, -1), 'U0BEN,U0NOBODY'];
  const { code, out } = await operators.run('setup', flags, '', awsOf({}));
  expect(out).toContain('✗ approver U0NOBODY');
  expect(out).toContain('Saved to the secret countersign/dev/slack in us-east-1.');
  expect({ code, secret: JSON.parse(await secret()) }).toEqual({
    code: 1,
    secret: { botToken, signingSecret },
  });
});

it('setup --aws asks before it replaces a secret that a running bot uses, unless it is the same', async () => {
  const other = JSON.stringify({ botToken: 'xoxb-team', signingSecret });
  await put(other);
  const refused = await operators.run('setup', setupFlags(), 'n\n', awsOf({}));
  expect(refused.err).toContain('has other values, which a running bot uses. Replace them? (y/N)');
  expect(await secret()).toBe(other);
  await operators.run('setup', setupFlags(), 'y\n', awsOf({}));
  expect(JSON.parse(await secret())).toEqual({ botToken, signingSecret });
  const again = await operators.run('setup', setupFlags(), '', awsOf({}));
  expect(again.out).toContain('already has these values');
});

it('setup --aws writes the file if AWS cannot be reached, and says so', async () => {
  const { code, out } = await operators.run(
    'setup',
    setupFlags(),
    '',
    awsOf({ AWS_DEFAULT_REGION: undefined, AWS_CONFIG_FILE: '/dev/null' }),
  );
  expect(out).toContain(
    'The secret in AWS could not be read (Region is missing) and was not changed. If the stack is already deployed',
  );
  expect({ code, env: operators.env().includes('SLACK_SIGNING_SECRET') }).toEqual({ code: 0, env: true });
});

it('destroy asks for the name of the stack and lists what is deleted, what is kept, and what is pending', async () => {
  await put(JSON.stringify({ botToken, signingSecret }));
  await desk.ask('/trade AMZN 3');
  const refused = await operators.run('destroy', [], 'yes\n', awsOf({}));
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('Nothing was changed.');
  expect(refused.out).toMatch(/kept {5}Countersign-dev-\S+\n/);
  expect(refused.out).toMatch(/! Pending approvals: \d+\. Nobody can decide them once the stack is deleted/);
  expect(commands()).toEqual([]);
  const done = await operators.run('destroy', [], 'Countersign-dev\n', awsOf({}));
  expect(commands()).toEqual(['destroy Countersign-dev --force -c channel=C0ACME00']);
  expect(done.out).toContain('Countersign-dev is deleted. These tables remain: Countersign-dev-');
});

it('destroy refuses if the stack does not exist', async () => {
  const { code, err } = await operators.run('destroy', ['-c', 'stage=prod', '--yes'], '', awsOf({}));
  expect(code).toBe(1);
  expect(err).toContain('There is no Countersign-prod in this account and region.');
  expect(commands()).toEqual([]);
});

function deploy(args: readonly string[], input = '', env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return operators.run('deploy', args, input, awsOf(env));
}

function awsOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: desk.cloud.url,
    AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${(ssm.address() as AddressInfo).port}`,
    AWS_REGION: undefined,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'operator',
    AWS_SECRET_ACCESS_KEY: 'any',
    PATH: path,
    ...env,
  };
}

/** What CDK was told, a line a command. */
function commands(): readonly string[] {
  return readFileSync(told, 'utf8').split('\n').filter(Boolean);
}

/** Before all others in the path: notes what it is told, and writes the outputs of a deployment. */
function standInForCdk(outputs: Readonly<Record<string, string>>): { path: string; told: string } {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-cdk-'));
  const noted = join(folder, 'told');
  const program = join(folder, 'cdk');
  const written = JSON.stringify({ 'Countersign-dev': outputs });
  writeFileSync(
    program,
    `#!${process.execPath}
const { appendFileSync, writeFileSync } = require('node:fs');
const given = process.argv.slice(2);
appendFileSync(${JSON.stringify(noted)}, given.join(' ') + '\\n');
const at = given.indexOf('--outputs-file');
if (at > 0) writeFileSync(given[at + 1], ${JSON.stringify(written)});
`,
  );
  chmodSync(program, 0o755);
  return { path: `${folder}:${process.env['PATH']}`, told: noted };
}

async function secret(): Promise<string> {
  const SecretId = desk.cloud.outputs['SecretName'];
  const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId }));
  return SecretString;
}

async function put(SecretString: string): Promise<void> {
  const SecretId = desk.cloud.outputs['SecretName'];
  await secrets.send(new PutSecretValueCommand({ SecretId, SecretString }));
}
