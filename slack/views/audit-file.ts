// Writes the audit as a file: CSV for a spreadsheet, or JSON Lines for a program. The command `audit` and
// `cli/audit-export.ts` call it.
import type { AuditEntry, SettingsEntry } from '../../domain/audit.ts';
import type { Refusal } from '../../domain/votes.ts';

export type AuditFormat = 'csv' | 'jsonl';

export function auditFile(entries: readonly AuditEntry[], format: AuditFormat): string {
  if (format === 'jsonl') return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  const rows = entries.map(row).map((each) => COLUMNS.map((column) => each[column]));
  // Excel reads UTF-8 only with this mark in front.
  return `\uFEFF${[COLUMNS, ...rows].map((cells) => `${cells.map(cell).join(',')}\n`).join('')}`;
}

/**
 * A reason that a person typed may begin like a formula, which a spreadsheet would execute. An apostrophe makes it a text:
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/;

/** https://www.rfc-editor.org/rfc/rfc4180#section-2 */
function cell(value: string | number | undefined = ''): string {
  const text = String(value).replace(FORMULA, "'$&");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const COLUMNS = [
  'at',
  'by',
  'by_name',
  'by_email',
  'action',
  'decided',
  'refused_action',
  'refused_because',
  'reason',
  'outcome',
  'label',
  'result_text',
  'unsure',
  'title',
  'amount_usd',
  'shown',
  'requester',
  'delegate_for',
  'delegate',
  'out_until',
  'time_zone',
  'direct_messages',
  'approvals_needed',
  'approvers',
  'channel',
  'execution_arn',
  'approval',
] as const;

type Row = Readonly<Partial<Record<(typeof COLUMNS)[number], string | number | undefined>>>;

/** Times are in UTC and amounts in USD. People and channels are Slack ids. */
function row(entry: AuditEntry): Row {
  if (!('approval' in entry)) return settingsRow(entry);
  const { policy, refused, result } = entry;
  return {
    at: entry.at,
    by: entry.by,
    by_name: entry.byName,
    by_email: entry.byEmail,
    action: entry.action,
    decided: entry.decided,
    refused_action: refused?.action,
    refused_because: refused && refusals[refused.why],
    reason: entry.reason,
    outcome: result?.outcome,
    label: result?.label,
    result_text: result?.text,
    unsure: yesOrNo(result?.unsure),
    title: entry.title,
    amount_usd: entry.amount,
    shown: entry.facts.map(({ label, value, at }) => `${label} ${value}${at ? ` at ${at}` : ''}`).join('; '),
    requester: entry.requester,
    delegate_for: entry.delegateFor,
    approvals_needed: policy.approvals,
    approvers: policy.approvers.join(' '),
    channel: entry.channel,
    execution_arn: entry.executionArn,
    approval: entry.approval,
  };
}

function settingsRow({ at, by, byName, byEmail, action, settings, delegateFor }: SettingsEntry): Row {
  const { delegate, outUntil, timeZone, directMessages } = settings ?? {};
  return {
    at,
    by,
    by_name: byName,
    by_email: byEmail,
    action,
    delegate_for: delegateFor,
    delegate,
    out_until: outUntil,
    // Of the day in `out_until`.
    time_zone: outUntil && (timeZone ?? 'UTC'),
    direct_messages: yesOrNo(directMessages),
  };
}

function yesOrNo(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? 'yes' : 'no';
}

/** Why an action was refused, for an auditor. */
const refusals: Readonly<Record<Refusal, string>> = {
  unknown: 'the request is not on record',
  decided: 'the request was decided before',
  past_deadline: 'the time to decide was over',
  closed: 'the request had ended',
  own_request: 'nobody approves their own request',
  already_voted: 'the person had approved before',
  not_an_approver: 'the person is not an approver of this request',
  stale_membership: 'the approvers could not be checked in Slack for 15 minutes',
  terms_changed: 'the request was changed after its message was shown to the person',
  no_vote: 'the person had not approved',
  replayed: 'the same press or a later one was handled before',
  conflict: 'others acted at the same moment',
};
