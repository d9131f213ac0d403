// Runs the commands of the `sh` blocks in the documents. A command that cannot run here is in a list with its reason; every
// other command must exit with 0, so a new command runs, or gets a line in the list. All of them run against the local cloud of
// `npm start`, with credentials that are valid nowhere.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { currentDocuments } from '../support/markdown.ts';
import { freePorts, type Ports } from '../support/npm-start.ts';

/** Commands that do not run here, by a part of them, each with the reason. */
const NOT_HERE: readonly (readonly [RegExp, string])[] = [
  [/\bnpm ci\b/, 'It replaces node_modules while this test uses it. CI runs it before all tests.'],
  [/\baws (?:--|[a-z])|\bmarket_event\b/, 'It needs the AWS CLI.'],
  [/\bAWS_PROFILE=…/, 'The reader replaces the placeholder by their own profile.'],
  [/\bnpx cdk (?:bootstrap|deploy)\b/, 'It needs an AWS account.'],
  [/\bnpm run (?:deploy|destroy)\b/, 'It needs an AWS account.'],
  [/\bnpx countersign (?:setup|check|audit:\w+) --stack\b/, 'It needs a stack of an app in an AWS account.'],
  [/\bnpm run conformance -- --aws\b/, 'It needs an AWS account.'],
  [/\bnpm run conformance -- --slack\b/, 'It needs a Slack workspace.'],
  [/\bnpm run conformance -- --endpoint\b/, 'It needs another emulator of AWS.'],
  [/\bnpm run conformance$/, 'It has its own step in CI.'],
  [/\bnpm run setup\b/, 'It asks for the tokens of a Slack app.'],
  [
    /\bnpm run faults\b/,
    'It takes four minutes and more. The slow tests in test/fault-injection play a part of it.',
  ],
  [/\bnpx vitest run\b/, 'npm test runs these files.'],
  [/\bnpm run package:check\b/, 'It takes five minutes, and has its own step before a release.'],
  [/\bnpm install\b/, 'It needs an app. npm run package:check installs the package in some.'],
  [/\bnpx countersign local\b/, 'It needs an app. test/package/package.slow.test.ts runs it in one.'],
];

/** Documents of which no command runs here, each with the reason. Their blocks must still be valid in a shell. */
const DOCUMENTS_NOT_HERE: Readonly<Record<string, string>> = {
  'docs/operations/restore-a-table.md': 'It restores tables of an AWS account.',
  'docs/operations/upgrade.md': 'It changes the version of the clone, and deploys it to an AWS account.',
  'docs/guides/your-own-state-machine.md':
    'It needs an app of your own. test/package/package.slow.test.ts makes and runs one.',
};

/** Commands that run until Ctrl-C, with what they print when they are ready. */
const SERVERS: Readonly<Record<string, string>> = {
  'npm start': 'Ctrl-C ends it',
  'npm run example': 'Press Ctrl-C to stop.',
};

/** A start takes 15 seconds, and much longer while other tests use the processors. */
const READY_MS = 150_000;

interface Block {
  readonly file: string;
  readonly place: string;
  readonly code: string;
}

const blocks: readonly Block[] = currentDocuments.flatMap((file) => {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].map(
    ({ index, 1: indent = '', 2: code = '' }) => ({
      file,
      place: `${file}:${text.slice(0, index).split('\n').length}`,
      code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
});

/** `<ARN of the queue>` is a redirection to the shell. */
const withoutPlaceholders = (code: string) => code.replaceAll(/<[A-Za-z][A-Za-z -]*>/g, 'placeholder');

const isComplete = (code: string) =>
  !code.endsWith('\\') && spawnSync('bash', ['-n'], { input: withoutPlaceholders(code) }).status === 0;

/** The commands of a block, without comments. A command of several lines stays together. */
function commandsIn({ place, code }: Block): readonly string[] {
  const commands: string[] = [];
  let open: string[] = [];
  for (const line of code.split('\n')) {
    open.push(line);
    const command = open.join('\n');
    if (!isComplete(command)) continue;
    commands.push(command.replace(/\s+# .*$/, '').trim());
    open = [];
  }
  if (open.length > 0) throw new SyntaxError(`${place} is not valid in a shell:\n${open.join('\n')}`);
  return commands.filter((command) => command !== '' && !command.startsWith('#'));
}

const all = blocks.map((block) => ({ ...block, commands: commandsIn(block) }));
const commands = all.filter(({ file }) => DOCUMENTS_NOT_HERE[file] === undefined);
const runsHere = (command: string) =>
  SERVERS[command] === undefined && !NOT_HERE.some(([pattern]) => pattern.test(command));

function environment({ page, aws }: Ports): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PORT: String(page),
    AWS_PORT: String(aws),
    AWS_ENDPOINT_URL: `http://127.0.0.1:${aws}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    // A command that should be in the list must not find the credentials of this machine.
    AWS_PROFILE: '',
    AWS_SESSION_TOKEN: '',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    SLACK_BOT_TOKEN: '',
    SLACK_APP_TOKEN: '',
    SLACK_API_URL: '',
  };
}

/** Resolves when the server is ready, with a function that stops it as Ctrl-C does and resolves to what it printed. */
async function startServer(command: string, env: NodeJS.ProcessEnv): Promise<() => Promise<string>> {
  // Ctrl-C in a terminal reaches npm and the process that npm started, so both are in one process group.
  const child = spawn('bash', ['-c', command], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const signal = (name: NodeJS.Signals) => child.pid !== undefined && process.kill(-child.pid, name);
  let said = '';
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      isOver = true;
      resolve();
    });
  });
  onTestFinished(() => void (!isOver && signal('SIGKILL')));
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (more: Buffer) => {
      said += more.toString();
    });
  await expect
    .poll(() => (isOver ? `It ended:\n${said}` : said), { timeout: READY_MS })
    .toContain(SERVERS[command]);
  return async () => {
    signal('SIGINT');
    await ended;
    return said;
  };
}

describe('shell blocks', () => {
  it('are marked as sh, and none as another shell', () => {
    const others = currentDocuments.filter((file) =>
      /^ *```(?:bash|shell|zsh|console|shell-session)$/m.test(readFileSync(file, 'utf8')),
    );
    expect(others).toEqual([]);
    expect(blocks.length).toBeGreaterThan(25);
  });

  it('have a command for each line of the list', () => {
    const known = commands.flatMap((block) => block.commands);
    const unused = NOT_HERE.filter(([pattern]) => !known.some((command) => pattern.test(command)));
    expect(unused).toEqual([]);
    expect(Object.keys(SERVERS).filter((server) => !known.includes(server))).toEqual([]);
    const documents = new Set(all.map(({ file }) => file));
    expect(Object.keys(DOCUMENTS_NOT_HERE).filter((file) => !documents.has(file))).toEqual([]);
  });

  it('have commands that exit with 0, while `npm start` runs', async () => {
    const env = environment(await freePorts());
    const stop = await startServer('npm start', env);
    const failed = commands.flatMap((block) => {
      const script = block.commands
        .filter(runsHere)
        .join('\n')
        .replaceAll('http://127.0.0.1:4566', env['AWS_ENDPOINT_URL'] ?? '');
      if (script === '') return [];
      const { status, stdout, stderr } = spawnSync('bash', ['-ec', script], {
        env,
        timeout: 60_000,
        encoding: 'utf8',
      });
      return status === 0 ? [] : [`${block.place} exited with ${status}:\n${script}\n${stdout}${stderr}`];
    });
    expect(failed).toEqual([]);
    expect(commands.flatMap((block) => block.commands).filter(runsHere)).not.toEqual([]);
    expect(await stop()).not.toContain('Error');
  });

  it.each(Object.keys(SERVERS).filter((server) => server !== 'npm start'))(
    'have the server `%s`, which starts and ends at Ctrl-C',
    async (server) => {
      const stop = await startServer(server, environment(await freePorts()));
      expect(await stop()).not.toContain('Error');
    },
  );
});
