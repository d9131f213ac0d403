// Writes the audit as a file: CSV for a spreadsheet, or JSON Lines for a program. The command `audit` and
// `cli/audit-export.ts` call it.
import { stringify } from 'csv-stringify/sync';
import type { AuditEntry } from '../../domain/audit.ts';

export type AuditFormat = 'csv' | 'jsonl';

export function auditFile(entries: readonly AuditEntry[], format: AuditFormat): string {
  if (format === 'jsonl') return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  // A reason that a person typed may begin like a formula, which a spreadsheet would execute.
  return stringify(entries.map(row), { header: true, columns: COLUMNS, escape_formulas: true, bom: true });
}

const COLUMNS = [
  'at',
  'by',
  'action',
  'decided',
  'refused_action',
  'refused_because',
  'reason',
  'title',
  'amount_usd',
  'shown',
  'requester',
  'delegate_for',
  'approvals_needed',
  'approvers',
  'channel',
  'message',
  'execution_arn',
  'approval',
] as const;

/** Times are in UTC and amounts in USD. People and channels are Slack ids. */
function row(entry: AuditEntry): Readonly<Record<(typeof COLUMNS)[number], string | number | undefined>> {
  const { policy, source, refused } = entry;
  return {
    at: entry.at,
    by: entry.by,
    action: entry.action,
    decided: entry.decided,
    refused_action: refused?.action,
    refused_because: refused?.why,
    reason: entry.reason,
    title: entry.title,
    amount_usd: entry.amount,
    shown: entry.facts.map(({ label, value, at }) => `${label} ${value}${at ? ` at ${at}` : ''}`).join('; '),
    requester: entry.requester,
    delegate_for: entry.delegateFor,
    approvals_needed: policy.approvals,
    approvers: policy.approvers.join(' '),
    channel: source.channel,
    message: source.message,
    execution_arn: entry.executionArn,
    approval: entry.approval,
  };
}
