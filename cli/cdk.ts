// CDK's own command line, as somebody would type it: `cdk` of the path, which npm's scripts begin with this project's own.
// What it says goes to who runs the command. Deploy and destroy call it.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { UsageError } from './usage-error.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export async function cdk(args: readonly string[]): Promise<void> {
  const child = spawn('cdk', args, { cwd: ROOT, stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', () =>
      reject(new UsageError('There is no cdk in the path: run this by npm, in a project after npm ci.')),
    );
    child.on('close', resolve);
  });
  if (code !== 0) throw new UsageError(`cdk ${args[0]} ended with ${code}; what it says above is why.`);
}
