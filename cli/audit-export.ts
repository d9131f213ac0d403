// `npm run audit:export -- --from 2026-11-01 --to 2026-11-30`: writes the audit entries from the first day to the last
// (UTC) to standard output, oldest first. `--execution AMZN-3f9c` limits them to one execution. An operator or auditor
// runs it with AWS credentials that may query the audit table, and read the outputs of the stack of `--stack`. Without
// `--stack` and `--table`, the credentials must also allow listing tables.
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { auditTable } from '../aws/audit-table.ts';
import { executionName } from '../aws/executions.ts';
import type { AuditEntry } from '../domain/audit.ts';
import { auditFile } from '../slack/views/audit-file.ts';
import { auditTableName } from './audit-storage.ts';
import { progress } from './check.ts';
import { listOf } from './list-of.ts';
import { monthsFrom } from '../domain/months.ts';
import { type AuditRange, readAuditRange } from './audit-range.ts';
import { readStackOutputs } from './stack-outputs.ts';
import { startOf } from './usage.ts';
import { UsageError } from './usage-error.ts';

export const exportUsage = `${startOf('audit:export')} --from 2026-11-01 --to 2026-11-30 [--stack MyStack] [--execution <name or ARN>] [--format csv|jsonl] [--table <AuditTable of the stack>]`;

function isAbout(entry: AuditEntry, execution: string): boolean {
  return 'approval' in entry && [entry.executionArn, executionName(entry.executionArn)].includes(execution);
}

/** Executions of several state machines may have the same name. */
function requireOne(entries: readonly AuditEntry[], { execution, from, to }: AuditRange): void {
  const arns = [...new Set(entries.flatMap((entry) => ('approval' in entry ? [entry.executionArn] : [])))];
  if (arns.length === 0)
    throw new UsageError(
      `The audit has no entry about ${execution} from ${from} to ${to} (UTC). Check the name, or pass earlier days, such as --from 2026-11-01 --to 2026-11-30.`,
    );
  if (arns.length > 1)
    throw new UsageError(
      `Several executions have this name. Choose one with --execution: ${arns.join(', ')}`,
    );
}

export async function exportAudit(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      execution: { type: 'string' },
      format: { type: 'string', default: 'csv' },
      table: { type: 'string' },
    },
  });
  const range = readAuditRange(values, new Date());
  const { from, to, format, execution } = range;
  progress(`Reading the audit from ${from} to ${to} (UTC) …`);
  const client = new DynamoDBClient();
  const table = values.table ?? (values.stack && (await readStackOutputs(values.stack)).auditTable);
  const audit = auditTable(client, await auditTableName(client, table));
  const months = await Promise.all(monthsFrom(from, to).map((month) => listOf(audit.ofMonth(month))));
  const entries = months
    .flat()
    .filter(({ at }) => at.slice(0, 10) >= from && at.slice(0, 10) <= to)
    .filter((entry) => execution === undefined || isAbout(entry, execution));
  if (execution !== undefined) requireOne(entries, range);
  process.stdout.write(auditFile(entries, format));
}
