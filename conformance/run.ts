// `npm run conformance`: runs the cases in the local cloud, at another endpoint (`--endpoint`) or in an AWS account
// (`--aws`), or posts the gallery to a Slack channel (`--slack`). Exits with 1 if anything differs.
import { parseArgs } from 'node:util';
import { LogLevel, WebClient } from '@slack/web-api';
import { useRegion } from '../cli/aws-region.ts';
import { progress, reportChecks, say } from '../cli/check.ts';
import { variables } from '../cli/env-file.ts';
import { checkAccess } from '../cli/preflight.ts';
import { confirm } from '../cli/prompt.ts';
import { exitWithError, Stopped, UsageError } from '../cli/usage-error.ts';
import { askChannel, askToken } from '../cli/workspace/ask-slack.ts';
import { slackApiUrl } from '../cli/workspace/slack-api-url.ts';
import { readBotToken } from '../cli/workspace/tokens.ts';
import type { Case } from './case.ts';
import { cases } from './cases/index.ts';
import { cdkDeployer, type Place } from './deployer.ts';
import { runDeployed } from './deployed.ts';
import { checkCloudFormation, useEndpoint } from './emulator.ts';
import { estimate } from './estimate.ts';
import { runCases, type CaseResult } from './run-cases.ts';
import { runSlack } from './slack/run-slack.ts';
import { STACK } from './stack-name.ts';

const USAGE =
  'npm run conformance -- [--endpoint http://127.0.0.1:4566 | --aws | --slack --channel C0123456789] [--only "dead-letter"]';

const HELP = `Compares the answers of AWS, as recorded or documented, with those of:

  npm run conformance                                   the local cloud
  npm run conformance -- --endpoint URL                 another emulator, such as LocalStack; it needs CloudFormation
  npm run conformance -- --aws [--yes]                  your AWS account: asks, deploys a small stack, removes it
  npm run conformance -- --slack --channel C0123456789  your Slack: posts every message in a thread, removes it

  --only TEXT    runs only the cases or messages with this text in their names
  --yes          with --aws: does not ask
  --person U…    with --slack: publishes Home and the modals for this person. All messages then name this person
`;

try {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      endpoint: { type: 'string' },
      aws: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      slack: { type: 'boolean', default: false },
      channel: { type: 'string' },
      person: { type: 'string' },
    },
  });
  if (values.help) say(HELP);
  else await run(values);
} catch (error) {
  exitWithError(error, USAGE);
}

interface Values {
  readonly endpoint?: string | undefined;
  readonly aws: boolean;
  readonly yes: boolean;
  readonly only: string;
  readonly slack: boolean;
  readonly channel?: string | undefined;
  readonly person?: string | undefined;
}

async function run(values: Values): Promise<void> {
  const { endpoint, aws, slack } = values;
  if ([endpoint !== undefined, aws, slack].filter(Boolean).length > 1)
    throw new UsageError('Pass one of --endpoint, --aws and --slack.');
  const results = slack ? await inSlack(values) : await againstAws(values);
  if (results.some(({ result }) => result === 'DIFFERS')) process.exitCode = 1;
}

async function againstAws({ endpoint, aws, yes, only }: Values): Promise<readonly CaseResult[]> {
  const selected = cases.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()));
  if (selected.length === 0)
    throw new UsageError(`No case has "${only}" in its name. Run without --only to see all names.`);
  if (aws) return inAccount(selected, yes);
  return endpoint === undefined ? inLocalCloud(selected) : atEndpoint(selected, endpoint);
}

async function inSlack({ channel, person, only }: Values): Promise<readonly CaseResult[]> {
  if (channel === undefined || !/^[CG][A-Z0-9]+$/.test(channel))
    throw new UsageError(
      '--slack needs the id of a channel, and the app must be in it: --channel C0123456789',
    );
  if (person !== undefined && !/^[UW][A-Z0-9]+$/.test(person))
    throw new UsageError(
      '--person must be the id of a person, which is under ⋮ in their profile: --person U012AB3CD',
    );
  const env = variables('.env');
  const question = {
    apiUrl: slackApiUrl(env, 'https://slack.com/api/'),
    botToken: readBotToken(env),
    setup: 'npm run setup',
  };
  const { team } = await askToken(question);
  await askChannel(question, channel);
  say(`Posting to ${channel} of ${team}. Slack takes about one message a second.\n`);
  const client = new WebClient(question.botToken, { slackApiUrl: question.apiUrl, logLevel: LogLevel.ERROR });
  return runSlack({ client, channel, person, only, print: say, signal: ctrlC() });
}

async function inLocalCloud(selected: readonly Case[]): Promise<readonly CaseResult[]> {
  progress('Starting the local cloud …');
  // The other modes do not load CDK, which takes seconds.
  const { startLocalCloud } = await import('./local-cloud.ts');
  const cloud = await startLocalCloud();
  try {
    return await runCases(selected, cloud.aws, { isTimeSimulated: true, print: say });
  } finally {
    await cloud.close();
  }
}

async function atEndpoint(selected: readonly Case[], endpoint: string): Promise<readonly CaseResult[]> {
  if (!URL.canParse(endpoint))
    throw new UsageError(
      `"${endpoint}" is not an address. Pass one such as --endpoint http://127.0.0.1:4566`,
    );
  await checkCloudFormation(endpoint);
  useEndpoint(endpoint);
  progress('Synthesising the stack …');
  const confirmed = async () => say(`Deploying ${STACK} at ${endpoint}`);
  return runDeployed({
    cases: selected,
    deployer: cdkDeployer(),
    confirm: confirmed,
    print: say,
    signal: ctrlC(),
    endpoint,
  });
}

async function inAccount(selected: readonly Case[], yes: boolean): Promise<readonly CaseResult[]> {
  useRegion();
  const { AWS_ENDPOINT_URL: endpoint } = process.env;
  if (endpoint)
    throw new UsageError(
      `AWS_ENDPOINT_URL is ${endpoint}, so --aws would not reach AWS. Unset it, or pass --endpoint ${endpoint} in place of --aws.`,
    );
  const unmet = await reportChecks(checkAccess());
  if (unmet.length > 0)
    throw new Stopped('Some checks failed (✗). Nothing was deployed. Fix them and run this command again.');
  progress('Synthesising the stack …');
  const ask = async ({ account, region }: Place) => {
    say(
      `\nAccount ${account}, region ${region}: ${STACK} will be deployed, used for about ten minutes and removed.\nCost: ${estimate().text}.`,
    );
    if (!yes && !(await confirm('Deploy?', '--yes'))) throw new Stopped('Nothing was deployed.');
  };
  return runDeployed({ cases: selected, deployer: cdkDeployer(), confirm: ask, print: say, signal: ctrlC() });
}

/** The first Ctrl-C ends the cases, and what was deployed or posted is removed. */
function ctrlC(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => controller.abort(new Stopped('Stopped.')));
  return controller.signal;
}
