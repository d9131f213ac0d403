// `npm start`: synthesises the stack and runs it on this machine with the local Slack, or with a real workspace if
// `.env` has an app's tokens. Prints where to look and what to type, then one line for each event until Ctrl-C.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { contextArguments } from './arguments.ts';
import type { Cloud } from './cloud/index.ts';
import { asArguments, parseSettings } from '../cli/workspace/env-settings.ts';
import { line } from './event-line.ts';
import { forget, type Persistence, persistIn } from './persistence.ts';
import { readPorts, withFreePorts } from './ports.ts';
import { readableFailure } from './readable-failure.ts';
import { stackOf } from './stack-of.ts';
import { synthesise } from './synthesise.ts';
import { startWorkspace, type Workspace } from './workspace/workspace.ts';
import { slackApiUrl } from '../cli/workspace/slack-api-url.ts';
import { readTokens, WrongSlack } from '../cli/workspace/tokens.ts';
import { type LogEvent, startWorld, type World } from './world.ts';

const here = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const say = (text: string) => process.stdout.write(`${text}\n`);
const log = (event: LogEvent) => say(line(event, new Date()));

const fail = (error: unknown) => process.stderr.write(`${readableFailure(error)}\n`);
// The saved state can fail to be written or read outside the `try` below, for example in a timer.
process.on('uncaughtException', (error) => {
  fail(error);
  process.exit(1);
});

try {
  if (existsSync(here('.env'))) process.loadEnvFile(here('.env'));
  const given = process.argv.slice(2);
  const ports = readPorts(process.env);
  const { PORT: port, AWS_PORT: awsPort } = ports;
  const tokens = readTokens(process.env);
  // The settings in `.env` are for the workspace of the tokens, so they are ignored without tokens.
  const own = tokens ? asArguments(parseSettings(process.env['SETTINGS'])) : [];
  if (tokens && ![...own, ...given].some((setting) => setting.startsWith('channel=')))
    throw new WrongSlack(
      'No channel of your workspace is set. Run npm run setup, which writes it to .env, or pass it: npm start -- -c channel=C0123456789',
    );
  const context = [...own, ...contextArguments(given.filter((argument) => argument !== '--fresh'))];
  // Each port has its own folder, because several `npm start` can run at once on different ports.
  const assembly = here(`.local/start/${awsPort}`);
  // Each port has its own saved state, so that two processes never use the same one.
  const persistence = (whose: string): Persistence => {
    const folder = here(`.local/kept/${awsPort}/${stackOf(assembly).name}-${whose}`);
    if (given.includes('--fresh')) forget(folder);
    return persistIn(folder);
  };
  const apiUrl = slackApiUrl(process.env, 'https://slack.com/api/');
  const started = await withFreePorts(
    // With a real workspace, no page is served.
    tokens ? { AWS_PORT: awsPort } : ports,
    (name, other) => `${name}=${other} npm start`,
    async () => {
      say('Synthesising the stack …');
      await synthesise(assembly, context);
      say(tokens ? 'Checking the tokens and the channels with Slack, and starting …' : 'Starting …');
      if (tokens) return startWorkspace({ assembly, awsPort, tokens, apiUrl, persistence, log });
      // Each first channel has its own saved state: settings with another one begin without messages.
      const ofChannel = () => persistence(stackOf(assembly).channels[0]);
      return startWorld({ assembly, port, awsPort, persistence: ofChannel, log });
    },
  );
  say(welcome(started));
  await stopped(started);
} catch (error) {
  fail(error);
  process.exitCode = 1;
}

function welcome(started: World | Workspace): string {
  const { cloud } = started;
  const arn = cloud.outputs['StateMachineArn'];
  const symbol = symbolOf(cloud);
  return [
    '',
    ...('slack' in started ? onThePage(started) : inTheWorkspace(started)),
    `  AWS     ${cloud.url}`,
    `          AWS_ACCESS_KEY_ID=${'operatorKey' in started ? started.operatorKey : 'any'} AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1 \\`,
    `            aws --endpoint-url ${cloud.url} stepfunctions start-execution \\`,
    `            --state-machine-arn ${arn} --input '{"symbol":"${symbol}"}'`,
    `  Ctrl-C ends it. Pending requests survive a restart${waiting(cloud)}; npm start -- --fresh forgets them.`,
    '',
  ].join('\n');
}

function symbolOf({ outputs }: Cloud): string {
  return outputs['Symbols']?.split(',')[0] ?? '';
}

function onThePage({ slack, cloud }: World): readonly string[] {
  return [
    `  Slack   ${slack.url}`,
    `          Open it, type  /trade buy ${symbolOf(cloud)} 10  and press Enter; then be Ben and press Approve.`,
  ];
}

function inTheWorkspace({ team, channel, cloud }: Workspace): readonly string[] {
  return [
    `  Slack   your workspace ${team}, through Socket Mode; no page is served here`,
    `          Type  /trade buy ${symbolOf(cloud)} 10  anywhere; it is asked in the channel ${channel}.`,
  ];
}

function waiting({ running }: Cloud): string {
  if (running === 0) return '';
  return ` (${running} of the last run resumed)`;
}

/** Stops everything after Ctrl-C, or after SIGTERM from the parent process. Resolves when everything has stopped. */
async function stopped(world: World | Workspace): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await world.stop();
  say('Ended.');
}
