// Tests that a taken port is reported before the stack is synthesised, and also if it is taken meanwhile.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readPorts, withFreePorts } from '../../local/ports.ts';
import { freePorts, npmStart } from '../support/npm-start.ts';

async function take(port: number): Promise<void> {
  const server = createServer().listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
}

describe('a taken port', () => {
  it.each(['page', 'aws'] as const)('%s is reported by npm start before the synthesis', async (which) => {
    const ports = await freePorts();
    await take(ports[which]);
    const started = npmStart(ports);
    expect(await started.ended).toBe(1);
    const choice = `${which === 'page' ? 'PORT' : 'AWS_PORT'}=${ports[which] + 1}`;
    expect(started.said()).toBe(
      `Port ${ports[which]} is taken, perhaps by another start. Stop that one, or choose another port: ${choice} npm start\n`,
    );
  });

  it('is reported by npm run example before the synthesis', async () => {
    const { page, aws } = await freePorts();
    await take(page);
    const env = { ...process.env, PORT: String(page), AWS_PORT: String(aws) };
    expect(await said(['examples/deploy-approval/start.ts'], env)).toMatch(
      new RegExp(`^Port ${page} is taken.* PORT=${page + 1} npm run example\n$`),
    );
  });

  it('is reported by countersign local before the synthesis', async () => {
    const { page, aws } = await freePorts();
    await take(aws);
    const source = `import('./local/run-app.ts').then(({ run }) => run(process.argv.slice(1)))`;
    const args = ['-e', source, '--', '--port', String(page), '--aws-port', String(aws)];
    expect(await said(args, process.env)).toMatch(
      new RegExp(`^Port ${aws} is taken.* npx countersign local --aws-port ${aws + 1}\n$`),
    );
  });

  it('is reported if another program takes it during the synthesis', async () => {
    const { page, aws } = await freePorts();
    const started = withFreePorts(
      { PORT: page, AWS_PORT: aws },
      (name, port) => `${name}=${port} npm start`,
      async () => {
        await take(aws);
        await take(aws);
      },
    );
    await expect(started).rejects.toThrow(
      new RegExp(`^Port ${aws} is taken.* AWS_PORT=${aws + 1} npm start$`),
    );
  });
});

describe('readPorts', () => {
  it('reads the variables, with defaults', () => {
    expect(readPorts({})).toEqual({ PORT: 3000, AWS_PORT: 4566 });
    expect(readPorts({ PORT: '', AWS_PORT: '4567' })).toEqual({ PORT: 3000, AWS_PORT: 4567 });
  });

  it.each([
    [{ PORT: '0' }, 'PORT must be a port from 1 to 65535, such as PORT=3000; it is "0".'],
    [{ AWS_PORT: 'x' }, 'AWS_PORT must be a port from 1 to 65535, such as AWS_PORT=4566; it is "x".'],
    [
      { PORT: '4566' },
      'PORT and AWS_PORT are both 4566; give them different ports, such as PORT=3000 AWS_PORT=4566.',
    ],
  ])('refuses %o', (env, message) => {
    expect(() => readPorts(env)).toThrow(new RangeError(message));
  });
});

async function said(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const output of [child.stdout, child.stderr]) output.on('data', (more) => (text += more));
  expect(await once(child, 'close')).toEqual([1, null]);
  return text;
}
