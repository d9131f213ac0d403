// Prints what a command of this project does, and ends it, if it was called with `--help`. package.json loads this file before the
// file of each command.

interface Help {
  readonly does: string;
  /** Option → meaning. */
  readonly options?: Readonly<Record<string, string>>;
  readonly example: string;
}

const setting = { '-c name=value': 'sets a setting: docs/reference/configuration.md' };
const stack = {
  '--stack MyStack': 'the stack of an app of yours; default: the stack of this project',
  '--table NAME': 'the audit table, if the credentials may not read the stack',
};
const days = {
  '--from 2026-11-01': 'the first day, UTC',
  '--to 2026-11-30': 'the last day, UTC',
};

/** By the name of the script. */
const commands: Readonly<Record<string, Help>> = {
  start: {
    does: 'Runs the stack on this machine, with the local Slack, or in your workspace if .env has the tokens of an app. Ctrl-C stops it.',
    options: {
      ...setting,
      '--fresh': 'deletes the state of earlier runs first',
      'PORT=3001 AWS_PORT=4567': 'variables that choose other ports than 3000 and 4566',
    },
    example: 'npm start -- -c defaultQuantity=20',
  },
  demo: {
    does: 'Plays five requests without a browser: approved, approved by two, declined, expired, above the limit. Exits with 1 if one ends otherwise.',
    options: setting,
    example: 'npm run demo',
  },
  example: {
    does: 'Runs examples/deploy-approval, a deployment that waits for approval, with the local Slack. Ctrl-C stops it.',
    options: { 'PORT=3001 AWS_PORT=4567': 'variables that choose other ports than 3000 and 4566' },
    example: 'npm run example',
  },
  setup: {
    does: 'Helps you create the Slack app, checks its tokens, the channel and the approvers with Slack, and writes .env. Run it again to change an answer.',
    options: {
      '--aws':
        'for an app that Slack reaches at an address: asks for the signing secret, and fills the secret in AWS',
      '--open': 'opens the link in a browser',
      '--bot-token xoxb-…':
        'the same as an answer; also --app-token, --signing-secret, --channel and --approvers',
      '--stack MyStack': 'sets up the stack of an app of yours',
      '--yes': 'does not ask before it fills the secret',
      ...setting,
    },
    example: 'npm run setup -- --channel C0123456789 --approvers U012AB3CD,U045EF6GH',
  },
  deploy: {
    does: 'Checks what a deployment needs, shows the changes, asks, deploys, fills the secret, gives Slack the address of the bot, and tests the stack.',
    options: {
      '--yes': 'does not ask',
      '--no-ask': 'does not request an approval in your channel as a test',
      '--config-token xoxe.xoxp-…': 'updates the manifest of the app; otherwise a manifest is printed',
      ...setting,
    },
    example: 'npm run deploy -- -c stage=prod',
  },
  destroy: {
    does: 'Shows what is deleted, what stays and how many approvals are pending, asks for the name of the stack, and deletes it.',
    options: { '--yes': 'does not ask', ...setting },
    example: 'npm run destroy -- -c stage=dev',
  },
  'audit:export': {
    does: 'Writes the audit of some days, or of one execution, to standard output.',
    options: {
      ...days,
      '--execution AMZN-3f9c': 'all entries of one execution',
      '--format csv|jsonl': 'a table, or a JSON object a line; default: csv',
      ...stack,
    },
    example: 'npm -s run audit:export -- --from 2026-11-01 --to 2026-11-30 > audit.csv',
  },
  'audit:verify': {
    does: 'Compares the audit of some days with its copies, and lists what was changed, removed or inserted. Exits with 1 if something was.',
    options: {
      ...days,
      ...stack,
      '--bucket NAME': 'the bucket of the copies, if the credentials may not read the stack',
    },
    example: 'npm -s run audit:verify -- --from 2026-11-01 --to 2026-11-30',
  },
  'check:deployed': {
    does: 'Checks a deployed stack: the account, the tokens and scopes, the blocks of messages, the channels and the approvers.',
    options: { '--stack MyStack': 'the stack; required for an app of yours' },
    example: 'npm run check:deployed -- --stack MyStack',
  },
  faults: {
    does: 'Injects every kind of failure into every call of the functions, plays the stories in states of the world, and prints two tables. About twenty minutes.',
    options: {
      '--states': 'only the states of the world',
      '--part 2/5': 'every fifth case, from the second on',
      '--row TEXT': 'only the calls or states whose name has this text; likewise --fault and --story',
      '--seed 2': 'picks other calls',
    },
    example: 'npm run faults -- --states --row archived',
  },
  burst: {
    does: "Starts 1,000 executions at once, under Slack's rate limits. Exits with 1 unless each request is posted exactly once. Two to five minutes.",
    options: {
      '--many 100': 'how many executions',
      '--burst 20': 'messages that Slack accepts at once after a quiet time',
    },
    example: 'npm run burst -- --many 100',
  },
  pictures: {
    does: 'Takes the pictures of the documents again, with a headless browser.',
    options: { orders: 'only the pictures of orders' },
    example: 'npm run pictures',
  },
  bench: {
    does: "Measures the CPU time of a press of Approve, beside Slack's own example and a handler by hand. Only the ratios are meaningful.",
    example: 'npm run bench',
  },
  'bench:latency': {
    does: 'The same as npm run bench, with realistic latency of Slack and AWS.',
    example: 'npm run bench:latency',
  },
  'bench:check': {
    does: 'Checks the goals of a press of Approve: bundle, files, calls, CPU time. Prints each missed goal and exits with 1.',
    example: 'npm run bench:check',
  },
  'bench:functions': {
    does: 'Measures the size and the start-up of each function.',
    options: { 'ROUNDS=9': 'a variable: how often each is measured' },
    example: 'npm run bench:functions',
  },
  'bench:regressions': {
    does: 'Makes known mistakes in a copy of the project, and verifies that bench:check finds each.',
    example: 'npm run bench:regressions',
  },
  growth: {
    does: 'Counts reads, writes and calls with 10, 1,000 and 10,000 pending approvals. Some minutes.',
    example: 'npm run growth',
  },
  cost: {
    does: 'Estimates what 1,000 approved trades, an idle month, and requests that Slack did not sign cost in AWS, in USD.',
    example: 'npm run cost',
  },
  build: {
    does: 'Builds the packages in dist/ and dist-local/, or in the folder that is given.',
    example: 'npm run build',
  },
  'package:check': {
    does: 'Installs the package in new CDK apps, with the oldest and the newest versions it supports, and runs one in every way. It downloads those versions.',
    example: 'npm run package:check',
  },
  'mutants:elsewhere': {
    does: 'Changes the rules outside domain/, and compares the changes that no test notices with a list. About a quarter of an hour.',
    options: { '--compare-only': 'compares the list with the last run' },
    example: 'npm run mutants:elsewhere -- --concurrency 1',
  },
};

if (process.argv.includes('--help')) {
  const name = process.env['npm_lifecycle_event'] ?? '';
  const help = commands[name];
  if (!help) throw new Error(`help.ts has no help for the command "${name}".`);
  const options = Object.entries(help.options ?? {}).map(
    ([option, meaning]) => `  ${option.padEnd(28)}${meaning}`,
  );
  const lines = [
    help.does,
    ...(options.length > 0 ? ['', 'Options:', ...options] : []),
    '',
    `Example: ${help.example}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exit(0);
}
