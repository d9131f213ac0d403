// `npm run conformance`: runs the cases in the local cloud, at another endpoint (`--endpoint`) or in an AWS account
// (`--aws`). Exits with 1 if anything differs.
import { parseArgs } from 'node:util';
import { useRegion } from '../cli/aws-region.ts';
import { reportChecks, say } from '../cli/check.ts';
import { checkAccess } from '../cli/preflight.ts';
import { confirm } from '../cli/prompt.ts';
import { exitWithError, Stopped, UsageError } from '../cli/usage-error.ts';
import type { Case } from './case.ts';
import { cases } from './cases/index.ts';
import { cdkDeployer, type Place } from './deployer.ts';
import { runDeployed } from './deployed.ts';
import { checkCloudFormation, useEndpoint } from './emulator.ts';
import { estimate } from './estimate.ts';
import { runCases, type Verdict } from './run-cases.ts';
import { STACK } from './stack-name.ts';

const USAGE = 'npm run conformance -- [--endpoint http://127.0.0.1:4566 | --aws] [--only "dead-letter"]';

const HELP = `Compares what AWS answers, as recorded or documented, with what is answered here.

  npm run conformance                                   the local cloud
  npm run conformance -- --endpoint URL                 another emulator, such as LocalStack; it needs CloudFormation
  npm run conformance -- --aws [--yes]                  your AWS account: asks, deploys a small stack, removes it

  --only TEXT    only the cases whose names contain this text
  --yes          with --aws: do not ask
`;

try {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      endpoint: { type: 'string' },
      aws: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
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
}

async function run({ endpoint, aws, yes, only }: Values): Promise<void> {
  if (endpoint !== undefined && aws) throw new UsageError('Pass --endpoint or --aws, not both.');
  const wanted = cases.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()));
  if (wanted.length === 0)
    throw new UsageError(`No case has "${only}" in its name. Run without --only to see all names.`);
  const verdicts = aws
    ? await inAccount(wanted, yes)
    : endpoint === undefined
      ? await inLocalCloud(wanted)
      : await atEndpoint(wanted, endpoint);
  if (verdicts.some(({ verdict }) => verdict === 'DIFFERS')) process.exitCode = 1;
}

async function inLocalCloud(wanted: readonly Case[]): Promise<readonly Verdict[]> {
  // The other modes do not load CDK, which takes seconds.
  const { startLocalCloud } = await import('./local-cloud.ts');
  const cloud = await startLocalCloud();
  try {
    return await runCases(wanted, cloud.aws, { isTimeSimulated: true, print: say });
  } finally {
    await cloud.close();
  }
}

async function atEndpoint(wanted: readonly Case[], endpoint: string): Promise<readonly Verdict[]> {
  if (!URL.canParse(endpoint)) throw new UsageError(`"${endpoint}" is not an address.`);
  await checkCloudFormation(endpoint);
  useEndpoint(endpoint);
  const confirmed = async () => say(`Deploying ${STACK} at ${endpoint}`);
  return runDeployed({
    cases: wanted,
    deployer: cdkDeployer(),
    confirm: confirmed,
    print: say,
    signal: ctrlC(),
    endpoint,
  });
}

async function inAccount(wanted: readonly Case[], yes: boolean): Promise<readonly Verdict[]> {
  useRegion();
  const { AWS_ENDPOINT_URL: endpoint } = process.env;
  if (endpoint)
    throw new UsageError(
      `AWS_ENDPOINT_URL is ${endpoint}, so --aws would not reach AWS. Unset it, or pass --endpoint ${endpoint} in place of --aws.`,
    );
  const unmet = await reportChecks(checkAccess());
  if (unmet.length > 0) throw new Stopped('Nothing was deployed.');
  const ask = async ({ account, region }: Place) => {
    say(
      `\nAccount ${account}, region ${region}: ${STACK} will be deployed, used for some ten minutes and removed.\nCost: ${estimate().text}.`,
    );
    if (!yes && !(await confirm('Deploy?', '--yes'))) throw new Stopped('Nothing was deployed.');
  };
  return runDeployed({ cases: wanted, deployer: cdkDeployer(), confirm: ask, print: say, signal: ctrlC() });
}

/** The first Ctrl-C ends the cases, and the stack is removed. */
function ctrlC(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.on(name, () => controller.abort(new Stopped('Stopped.')));
  return controller.signal;
}
