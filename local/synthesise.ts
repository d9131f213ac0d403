// Synthesises the CDK app with the CDK's own command line, as a deployment does. `npm start`, the demo and the tests
// run the result.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** CDK could not synthesise the app; the message is the output of its command line. */
export class NotSynthesised extends Error {
  override readonly name = 'NotSynthesised';
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CDK = fileURLToPath(new URL('../node_modules/aws-cdk/bin/cdk', import.meta.url));

/**
 * @param output folder for the cloud assembly
 * @param context settings as the command line takes them: `['-c', 'stage=test']`
 * @param folder folder of the app, with its `cdk.json`
 * @param command path of CDK's command line
 */
export async function synthesise(
  output: string,
  context: readonly string[] = [],
  folder = ROOT,
  command = CDK,
): Promise<void> {
  const args = [command, 'synth', '--quiet', '--no-notices', '--output', output, ...context];
  const cdk = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  cdk.stdout.on('data', (text) => (said += text));
  cdk.stderr.on('data', (text) => (said += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    cdk.on('error', reject);
    cdk.on('close', resolve);
  });
  if (code !== 0) throw new NotSynthesised(said.trim());
}
