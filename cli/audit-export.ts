// `npm run audit:export -- --from 2026-11-01 --to 2026-11-30`: writes the audit entries from the first day to the last
// (UTC) to standard output, oldest first. `--execution AMZN-3f9c` limits them to one execution. An operator or auditor
// runs it with AWS credentials that may query the audit table. Without `--table`, the credentials must also allow
// listing tables.
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { auditTable } from '../aws/audit-table.ts';
import { executionName } from '../aws/executions.ts';
import type { AuditEntry } from '../domain/audit.ts';
import { auditFile } from '../slack/views/audit-file.ts';
import { auditTableName } from './audit-storage.ts';
import { useRegion } from './aws-region.ts';
import { monthsFrom } from '../domain/months.ts';
import { type AuditRange, readAuditRange } from './audit-range.ts';
import { exitWithError, UsageError } from './usage-error.ts';

const USAGE =
  'npm -s run audit:export -- --from 2026-11-01 --to 2026-11-30 [--execution <name or ARN>] [--format csv|jsonl] [--table <AuditTable of the stack>]';

function isAbout(entry: AuditEntry, execution: string): boolean {
  return 'approval' in entry && [entry.executionArn, executionName(entry.executionArn)].includes(execution);
}

/** Executions of several state machines may have the same name. */
function requireOne(entries: readonly AuditEntry[], { execution, from, to }: AuditRange): void {
  const arns = [...new Set(entries.flatMap((entry) => ('approval' in entry ? [entry.executionArn] : [])))];
  if (arns.length === 0)
    throw new UsageError(`The audit has no entry about ${execution} from ${from} to ${to} (UTC).`);
  if (arns.length > 1)
    throw new UsageError(
      `Several executions have this name. Choose one with --execution: ${arns.join(', ')}`,
    );
}

try {
  useRegion();
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      execution: { type: 'string' },
      format: { type: 'string', default: 'csv' },
      table: { type: 'string' },
    },
  });
  const range = readAuditRange(values, new Date());
  const { from, to, format, execution } = range;
  const client = new DynamoDBClient();
  const audit = auditTable(client, await auditTableName(client, values.table));
  const months = await Promise.all(
    monthsFrom(from, to).map((month) => Array.fromAsync(audit.ofMonth(month))),
  );
  const entries = months
    .flat()
    .filter(({ at }) => at.slice(0, 10) >= from && at.slice(0, 10) <= to)
    .filter((entry) => execution === undefined || isAbout(entry, execution));
  if (execution !== undefined) requireOne(entries, range);
  process.stdout.write(auditFile(entries, format));
} catch (error) {
  exitWithError(error, USAGE);
}
