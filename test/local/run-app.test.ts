// Tests `countersign local` from its source, in a process of its own: the channels of the local Slack, and what it says about
// an assembly that it cannot run. `package.slow.test.ts` tests the command of the package.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { assemblyWith, template } from '../support/changed-assembly.ts';

const source = `import('./local/run-app.ts').then(({ run }) => run(process.argv.slice(1)))`;

function countersignLocal(outputs: object) {
  const assembly = assemblyWith(template.Resources, outputs);
  const args = ['--assembly', assembly, '--port', '0', '--aws-port', '0'];
  const running = spawn(process.execPath, ['-e', source, '--', ...args]);
  let said = '';
  for (const output of [running.stdout, running.stderr]) output.on('data', (text) => (said += text));
  onTestFinished(async () => {
    if (running.exitCode === null) {
      running.kill('SIGTERM');
      await once(running, 'close');
    }
    rmSync(assembly, { recursive: true });
  });
  return { running, said: () => said };
}

it('has all channels that the stack names', async () => {
  const { said } = countersignLocal({ Channels: { Value: 'C0REFUNDS,C0DATABASE,C0TRADING' } });
  await expect.poll(said, { timeout: 20_000 }).toContain('Press Ctrl-C to stop.');
  const [, slack = ''] = /Slack +(\S+)/.exec(said()) ?? [];
  const state: unknown = await (await fetch(`${slack}/page/state?person=U0BEN`)).json();
  expect(state).toMatchObject({
    channels: [
      { id: 'C0REFUNDS', name: 'approvals' },
      { id: 'C0DATABASE', name: 'c0database' },
      { id: 'C0TRADING', name: 'c0trading' },
    ],
  });
});

it('says what is wrong with a folder that is not an assembly', async () => {
  const running = spawn(process.execPath, [
    '-e',
    source,
    '--',
    '--assembly',
    '.',
    '--port',
    '0',
    '--aws-port',
    '0',
  ]);
  let said = '';
  running.stderr.on('data', (text) => (said += text));
  await once(running, 'close');
  expect(said).toContain(
    'is not a cloud assembly: it has no manifest.json. Run npx cdk synth, and pass --assembly cdk.out.',
  );
});

it.each([
  ['no output Channels', { Channels: {} }, 'Value is missing'],
  [
    'a channel that is known at deployment only',
    { Channels: { Value: { Ref: 'Channel' } } },
    'Value is not a string',
  ],
])('says what is wrong with %s', async (_what, outputs, reason) => {
  const { running, said } = countersignLocal(outputs);
  const [code] = await once(running, 'close');
  expect(code).toBe(1);
  expect(said()).toContain(
    `has no stack that can run: ${reason}. It needs exactly one stack, with a SlackApprovals`,
  );
  expect(said()).toContain('output Channels');
  expect(said()).toContain('channel: "C0123456789"');
});
