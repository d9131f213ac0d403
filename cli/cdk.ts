// Runs the `cdk` command and shows its output. `npm run deploy` and `npm run destroy` use this file. npm puts the
// project's own `cdk` first in PATH.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { UsageError } from './usage-error.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export async function cdk(args: readonly string[]): Promise<void> {
  const child = spawn('cdk', args, { cwd: ROOT, stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', () =>
      reject(new UsageError('cdk was not found. Run npm ci, and start this command with npm run.')),
    );
    child.on('close', resolve);
  });
  if (code !== 0)
    throw new UsageError(
      `cdk ${args[0]} exited with code ${code}. Fix what its output above names, and run this command again.`,
    );
}
