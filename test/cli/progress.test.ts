// Tests that each command that takes long says what it does, on stderr if stdout is its result. `start`, `demo` and `example`
// have tests of their own; `countersign.test.ts` tests the commands that read from AWS.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

describe('progress', () => {
  it.each([
    ['fault-injection/run.ts', 'Synthesising the stack …'],
    ['fault-injection/burst.ts', 'Synthesising the stack …'],
    ['bench/bench.ts', 'Building the variants …'],
    ['bench/check.ts', 'Building the variants …'],
    ['bench/functions.ts', 'Synthesising the stack …'],
    ['bench/regressions.ts', 'Checking a copy in which node:http is imported …'],
    ['bench/growth.ts', 'Synthesising the stack …'],
    ['bench/cost.ts', 'Synthesising the stack …'],
    ['conformance/run.ts', 'Starting the local cloud …'],
    ['test/pictures/take.ts', 'Starting the browser …'],
    ['package/build.ts', 'Bundling the constructs …'],
    ['package/check.ts', 'Building the package …'],
  ])('%s begins with "%s"', async (file, begins) => {
    expect(await firstOutput(file)).toEqual({ stream: 'stderr', text: `${begins}\n` });
  });
});

/** Stops the command at its first output. */
function firstOutput(file: string): Promise<{ readonly stream: string; readonly text: string }> {
  const out = join(mkdtempSync(join(tmpdir(), 'progress-')), 'out');
  const args = file === 'package/build.ts' ? [file, out] : [file];
  const child = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].once('data', (text: Buffer) => {
        // A negative id: the processes that the command started, too.
        process.kill(-(child.pid ?? 0), 'SIGKILL');
        resolve({ stream, text: String(text) });
      });
  });
}
