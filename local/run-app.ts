// `countersign local`: synthesises the CDK app in the current folder, or takes an assembly, and runs its stack with the local
// Slack until Ctrl-C. It is the only export of the package `countersign-local`, which the command of `countersign` loads.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { line } from './event-line.ts';
import { withFreePorts } from './ports.ts';
import { readableFailure } from './readable-failure.ts';
import { stackOf } from './stack-of.ts';
import { synthesise } from './synthesise.ts';
import { startWorld, type World } from './world.ts';

const EXAMPLE = 'npx countersign local --port 3001 --aws-port 4567';

/** Lambda's runtime, which runs the functions. */
const NODE_VERSION = 24;

class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

const say = (text: string) => process.stdout.write(`${text}\n`);

export async function run(args: readonly string[]): Promise<void> {
  try {
    const world = await start(args);
    say(welcome(world));
    await new Promise<void>((end) => {
      for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end());
    });
    await world.stop();
    say('Ended.');
  } catch (error) {
    const isUsage = error instanceof WrongUsage || (error instanceof TypeError && 'code' in error);
    const text = isUsage ? `${error.message}\nFor example: ${EXAMPLE}` : readableFailure(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
}

async function start(args: readonly string[]): Promise<World> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      assembly: { type: 'string' },
      port: { type: 'string', default: '3000' },
      'aws-port': { type: 'string', default: '4566' },
    },
  });
  const [port, awsPort] = [readPort('--port', values.port), readPort('--aws-port', values['aws-port'])];
  if (Number(process.versions.node.split('.')[0]) < NODE_VERSION)
    throw new WrongUsage(
      `This is Node.js ${process.version}, but functions need ${NODE_VERSION} or newer, as in Lambda. Install it, or run the command with it: npx -p node@${NODE_VERSION} -p countersign -p countersign-local countersign local`,
    );
  if (port === awsPort && port !== 0)
    throw new WrongUsage(`--port and --aws-port are both ${port}; give them different ports.`);
  return withFreePorts(
    { '--port': port, '--aws-port': awsPort },
    (name, other) => `npx countersign local ${name} ${other}`,
    async () => {
      const assembly = resolve(values.assembly ?? 'cdk.out');
      if (values.assembly === undefined) await synthesiseApp(assembly);
      checkAssembly(assembly);
      say('Starting …');
      return startWorld({
        assembly,
        port,
        awsPort,
        about: 'AWS is simulated too.',
        startsByCommand: false,
        channelName: 'approvals',
        log: (event) => say(line(event, new Date())),
      });
    },
  );
}

async function synthesiseApp(assembly: string): Promise<void> {
  const folder = process.cwd();
  if (!existsSync('cdk.json'))
    throw new WrongUsage(
      `There is no cdk.json in ${folder}. Run the command in the folder of your CDK app, or pass --assembly with the folder that cdk synth wrote.`,
    );
  say('Synthesising the app …');
  await synthesise(assembly, [], folder, cdkOf(folder));
}

function cdkOf(folder: string): string {
  try {
    return createRequire(join(folder, 'package.json')).resolve('aws-cdk/bin/cdk');
  } catch {
    throw new WrongUsage(
      'The app has no CDK command line. Install it: npm install --save-dev aws-cdk. Or synthesise it yourself and pass --assembly.',
    );
  }
}

function checkAssembly(assembly: string): void {
  if (!existsSync(join(assembly, 'manifest.json')))
    throw new WrongUsage(
      `${assembly} is not a cloud assembly: it has no manifest.json. Run npx cdk synth, and pass --assembly cdk.out.`,
    );
  try {
    stackOf(assembly);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WrongUsage(
      `${assembly} has no stack that can run: ${reason}. It needs exactly one stack, with a SlackApprovals, whose output Channels names the channels of its policies, written as ids such as channel: "C0123456789".`,
    );
  }
}

function readPort(option: string, value: string): number {
  const port = Number(value);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new WrongUsage(`${option} must be a port from 0 to 65535, not "${value}".`);
}

function welcome({ slack, cloud }: World): string {
  const credentials = 'AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1';
  return [
    '',
    `  Slack   ${slack.url}`,
    '          Open it, choose a person under "You are", and press the buttons of a request.',
    `  AWS     ${cloud.url}`,
    ...cloud.stateMachines.map(
      (arn) =>
        `          ${credentials} \\\n            aws --endpoint-url ${cloud.url} stepfunctions start-execution --state-machine-arn ${arn} --input '{ the input of your state machine }'`,
    ),
    `  People  ${slack.people.map(({ id, name }) => `${name} ${id}`).join(', ')}; group S0RISK: Ben, Chloe, Dana`,
    '          Name them in your policies to try them. The first channel is called approvals, each other one by its id.',
    '  Executions, tables and messages are lost when it stops. Press Ctrl-C to stop.',
    '',
  ].join('\n');
}
