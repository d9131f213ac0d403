// `npm run bench:regressions`: introduces known performance mistakes into a copy of the project and verifies that
// `check.ts` detects each one. A developer runs it after changing the check.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { progress } from '../local/progress.ts';

interface Mistake {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** Start of the goal that the check must report as missed. */
  readonly missed: string;
}

const mistakes: readonly Mistake[] = [
  {
    name: 'node:http is imported',
    file: 'slack/slack-fetch.ts',
    from: 'import { Agent,',
    to: "import { globalAgent } from 'node:http';\nglobalAgent.setMaxListeners(20);\nimport { Agent,",
    missed: 'undici not loaded',
  },
  {
    name: '`token` is passed instead of `authorize`',
    file: 'bot/app.ts',
    from: 'authorize: async () => ({ botToken: await botToken() }),',
    to: "token: process.env['SLACK_BOT_TOKEN'] ?? String(botToken),",
    missed: 'no auth.test',
  },
  {
    name: 'the SDK looks for a setting in its configuration files',
    file: 'aws/preconnect.ts',
    from: '  disableClockSkewCorrection: false,\n',
    to: '',
    missed: 'no configuration file read',
  },
  {
    name: 'chat.update is called before the ack',
    file: 'bot/listeners/vote-buttons.ts',
    from: 'await ack();\n    return followUp(request, outcome, client, dependencies);',
    to: 'await followUp(request, outcome, client, dependencies);\n    return ack();',
    missed: 'calls before the answer, warm',
  },
  {
    name: 'zod is in the bundle',
    file: 'bot/dependencies.ts',
    from: "import { streamed } from './invoke-modes.ts';",
    to: "import { streamed } from './invoke-modes.ts';\nimport * as z from 'zod';\nexport const shape = z.object({});",
    missed: 'bundle of',
  },
];

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const COPIED = [
  'aws',
  'bench',
  'bot',
  'domain',
  'functions',
  'local',
  'slack',
  'stack',
  'cdk.json',
  'package.json',
  'package-lock.json',
];

for (const mistake of mistakes) {
  progress(`Checking a copy in which ${mistake.name} …`);
  const output = runCheckWith(mistake);
  const missed = output.split('\n').filter((line) => line.startsWith('missed: '));
  const isDetected = missed.some((line) => line.startsWith(`missed: ${mistake.missed}`));
  process.stdout.write(
    `${isDetected ? 'detected' : 'NOT DETECTED'}: ${mistake.name}\n${missed.map((line) => `  ${line}\n`).join('')}`,
  );
  if (!isDetected) process.exitCode = 1;
}

function runCheckWith({ file, from, to }: Mistake): string {
  const copy = mkdtempSync(join(tmpdir(), 'countersign-mistake-'));
  try {
    for (const name of COPIED) cpSync(join(PROJECT, name), join(copy, name), { recursive: true });
    symlinkSync(join(PROJECT, 'node_modules'), join(copy, 'node_modules'));
    const source = readFileSync(join(copy, file), 'utf8');
    if (!source.includes(from)) throw new Error(`${file} no longer contains: ${from}`);
    writeFileSync(join(copy, file), source.replace(from, to));
    const env = { ...process.env, ROUNDS: '1' };
    const { stdout, stderr } = spawnSync(process.execPath, [join(copy, 'bench/check.ts')], {
      env,
      encoding: 'utf8',
    });
    return stdout + stderr;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
