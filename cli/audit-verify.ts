// `npm run audit:verify -- --from 2026-11-01 --to 2026-11-30`: compares the audit entries from the first day to the last
// (UTC) with their copies, and lists each difference. The exit code is 1 if there is one. An auditor runs it with AWS
// credentials that may query the audit table, and list and read the versions in the bucket. With `--stack`, they
// must also allow reading its outputs; without `--table` and `--bucket` either, listing tables and buckets.
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { copiesOfMonth } from '../aws/audit-copies.ts';
import { auditTable, type StoredEntry } from '../aws/audit-table.ts';
import { monthsFrom } from '../domain/months.ts';
import { auditBucketName, auditTableName } from './audit-storage.ts';
import { readAuditRange } from './audit-range.ts';
import { progress } from './check.ts';
import { listOf } from './list-of.ts';
import { compareAudit } from './compare-audit.ts';
import { readStackOutputs } from './stack-outputs.ts';
import { startOf } from './usage.ts';

export const verifyUsage = `${startOf('audit:verify')} --from 2026-11-01 --to 2026-11-30 [--stack MyStack] [--table <AuditTable of the stack>] [--bucket <AuditBucket of the stack>]`;

export async function verifyAudit(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      stack: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      table: { type: 'string' },
      bucket: { type: 'string' },
    },
  });
  const { from, to } = readAuditRange({ ...values, format: 'jsonl' }, new Date());
  const stack = values.stack === undefined ? undefined : await readStackOutputs(values.stack);
  const [dynamodb, s3] = [new DynamoDBClient(), new S3Client()];
  const audit = auditTable(dynamodb, await auditTableName(dynamodb, values.table ?? stack?.auditTable));
  const bucket = await auditBucketName(s3, values.bucket ?? stack?.auditBucket);
  const inRange = (day: string) => day >= from && day <= to;
  // An item that is stored under the wrong month belongs to the range of that month.
  const isItemInRange = ({ month, position }: StoredEntry) =>
    inRange(position.slice(0, 10)) || !position.startsWith(month);
  const findings: string[] = [];
  let [equal, waiting] = [0, 0];
  for (const month of monthsFrom(from, to)) {
    progress(`Comparing the audit of ${month} with its copies …`);
    const copies = await listOf(copiesOfMonth(s3, bucket, month));
    const items = await listOf(audit.itemsOfMonth(month));
    const compared = compareAudit(
      items.filter(isItemInRange),
      // The key of a copy is its month and its position.
      copies.filter(({ key }) => inRange(key.slice(8, 18))),
      new Date(),
    );
    findings.push(...compared.findings);
    equal += compared.equal;
    waiting += compared.waiting;
  }
  for (const finding of findings) process.stdout.write(`${finding}\n`);
  const newest = waiting > 0 ? ` ${waiting} from the last 15 minutes without a copy yet.` : '';
  process.stdout.write(`${equalText(equal)}${newest} ${countOf(findings.length)}\n`);
  if (findings.length > 0) process.exitCode = 1;
}

function countOf(differences: number): string {
  if (differences === 0) return 'No differences.';
  return differences === 1 ? '1 difference.' : `${differences} differences.`;
}

function equalText(entries: number): string {
  return entries === 1 ? '1 entry equals its copy.' : `${entries} entries equal their copies.`;
}
