// Runs `npm run audit:export` against a local cloud. Called by the stories that read the audit.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Cloud } from '../../local/cloud/index.ts';
import { operator } from './trading-desk.ts';

const run = promisify(execFile);

/** Returns what the command prints. Rejects with what it prints as an error. */
export async function exportAudit({ url }: Cloud, ...args: readonly string[]): Promise<string> {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: url,
    AWS_REGION: operator.region,
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
  };
  const { stdout } = await run(process.execPath, ['cli/audit-export.ts', ...args], { env });
  return stdout;
}

export async function exportedEntries(
  cloud: Cloud,
  ...args: readonly string[]
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const lines = (await exportAudit(cloud, ...args, '--format', 'jsonl')).split('\n');
  return lines.filter(Boolean).map((line) => JSON.parse(line));
}
