// Tests that each command of this project explains itself: `--help` exits with 0, and starts nothing.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import project from '../../package.json' with { type: 'json' };

const commands = Object.entries(project.scripts).filter(
  ([name, script]) => script.startsWith('node ') && !name.startsWith('pre'),
);

describe.concurrent('--help', () => {
  it.each(commands)('of %s exits with 0, and has what it does, and an example', async (name, script) => {
    const [, ...args] = script.split(' ');
    const env = { ...process.env, npm_lifecycle_event: name };
    const { status, stdout, stderr } = spawnSync(process.execPath, [...args, '--help'], {
      env,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n')[0]?.length).toBeGreaterThan(30);
    expect(stdout).toContain(
      `npm ${name === 'start' ? '' : name.startsWith('audit') ? '-s run ' : 'run '}${name}`,
    );
  });
});
