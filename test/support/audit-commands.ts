// Runs `npm run audit:export` and `npm run audit:verify` against a local cloud. Called by the stories that read the audit.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Cloud } from '../../local/cloud/index.ts';
import { operator } from './trading-desk.ts';

const run = promisify(execFile);

function environmentOf({ url }: Cloud): NodeJS.ProcessEnv {
  return {
    ...process.env,
    AWS_ENDPOINT_URL: url,
    AWS_REGION: operator.region,
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
  };
}

/** Returns what the command prints. Rejects with what it prints as an error. */
export async function exportAudit(cloud: Cloud, ...args: readonly string[]): Promise<string> {
  const env = environmentOf(cloud);
  const { stdout } = await run(process.execPath, ['cli/countersign.ts', 'audit:export', ...args], { env });
  return stdout;
}

export async function exportedEntries(
  cloud: Cloud,
  ...args: readonly string[]
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const lines = (await exportAudit(cloud, ...args, '--format', 'jsonl')).split('\n');
  return lines.filter(Boolean).map((line) => JSON.parse(line));
}

/** Returns the exit code and the command's result, or its error if it has no result. */
export function verifyAudit(
  cloud: Cloud,
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly printed: string }> {
  return new Promise((resolve) => {
    const env = environmentOf(cloud);
    const child = execFile(
      process.execPath,
      ['cli/countersign.ts', 'audit:verify', ...args],
      { env },
      (_error, out, err) => resolve({ code: child.exitCode, printed: out || err }),
    );
  });
}
