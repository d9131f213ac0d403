// The slash command with `audit 2026-11`: sends an approver a file of the audit entries of that month, by direct
// message. A repeated command sends the file again.
import type { AuditTable } from '../../aws/audit-table.ts';
import { type FetchApproversDependencies, resolveCached } from '../../slack/fetch-approvers.ts';
import { answerPrivately } from '../private-answer.ts';
import {
  auditFollows,
  auditIsMade,
  auditNotAMonth,
  auditNotForYou,
  nothingAudited,
} from '../../slack/views/audit-answers.ts';
import { auditFile } from '../../slack/views/audit-file.ts';
import type { Command } from '../../slack/views/command.ts';
import type { Log } from '../../aws/log.ts';
import type { CommandListener } from './listener.ts';

export interface AuditDependencies extends Omit<FetchApproversDependencies, 'slack'> {
  readonly command: Command;
  readonly audit: AuditTable;
  /** The approvers of all tiers: ids of Slack users and user groups. */
  readonly approvers: readonly string[];
  readonly log: Log;
}

const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

export function auditCommand(dependencies: AuditDependencies): CommandListener {
  const { audit, approvers, command: commandInfo, log } = dependencies;
  return async ({ command, ack, client }) => {
    const { user_id: by, response_url } = command;
    const [, month = '', ...rest] = command.text.trim().split(/\s+/);
    if (!MONTH.test(month) || rest.length > 0) return ack(auditNotAMonth(commandInfo));
    await ack(auditIsMade(month));
    const resolve = resolveCached({ ...dependencies, slack: async () => client });
    if (!(await resolve(approvers)).userIds.includes(by))
      return answerPrivately(response_url, auditNotForYou());
    const entries = await Array.fromAsync(audit.ofMonth(month));
    log('audit_exported', { month, by, entries: entries.length });
    if (entries.length === 0) return answerPrivately(response_url, nothingAudited(month));
    const { channel } = await client.conversations.open({ users: by });
    await client.files.uploadV2({
      channel_id: channel?.id ?? '',
      filename: `countersign-audit-${month}.csv`,
      content: auditFile(entries, 'csv'),
      initial_comment: auditFollows(month, entries.length),
    });
    return answerPrivately(response_url, auditFollows(month, entries.length));
  };
}
