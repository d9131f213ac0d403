// `npm start`: synthesises the stack, runs it on this machine beside a small Slack, says where to look and what to
// type, and then prints a line an event until Ctrl-C.
import { fileURLToPath } from 'node:url';
import { contextArguments } from './arguments.ts';
import { line } from './event-line.ts';
import { readableFailure } from './readable-failure.ts';
import { synthesise } from './synthesise.ts';
import { startWorld, type World } from './world.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);

try {
  const context = contextArguments(process.argv.slice(2));
  const assembly = fileURLToPath(new URL('../.local/start', import.meta.url));
  const port = portFrom('PORT', 3000);
  const awsPort = portFrom('AWS_PORT', 4566);
  if (port === awsPort)
    throw new RangeError(`PORT and AWS_PORT are both ${port}; give them different ports.`);
  say('Synthesising the stack …');
  await synthesise(assembly, context);
  const world = await startWorld({ assembly, port, awsPort, log: (event) => say(line(event, new Date())) });
  say(welcome(world));
  await stopped(world);
} catch (error) {
  process.stderr.write(`${readableFailure(error)}\n`);
  process.exitCode = 1;
}

function portFrom(name: string, otherwise: number): number {
  const value = process.env[name];
  if (value === undefined || value === '') return otherwise;
  const port = Number(value);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new RangeError(
    `${name} must be a port from 1 to 65535, such as ${name}=${otherwise}; it is "${value}".`,
  );
}

function welcome({ slack, cloud }: World): string {
  const arn = cloud.outputs['StateMachineArn'];
  const symbol = cloud.outputs['Symbols']?.split(',')[0];
  return [
    '',
    `  Slack   ${slack.url}`,
    `          Open it, type  /trade ${symbol} 10  and press Enter; then be Ben and press Approve.`,
    `  AWS     ${cloud.url}`,
    `          AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1 \\`,
    `            aws --endpoint-url ${cloud.url} stepfunctions start-execution \\`,
    `            --state-machine-arn ${arn} --input '{"symbol":"${symbol}"}'`,
    '  Ctrl-C ends it.',
    '',
  ].join('\n');
}

/** Resolves when Ctrl-C, or who started it, asked to end and everything has ended. */
async function stopped(world: World): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await world.stop();
  say('Ended.');
}
