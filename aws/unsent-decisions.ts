// Decisions that are recorded and may not have reached Step Functions. Part of the approvals table; `send-decision.ts` sends
// them.
import type { Approval, ApprovalKey } from '../domain/approval.ts';
import type { ApprovalItems, ApprovalWithToken } from './approval-items.ts';

export interface UnsentDecisions {
  /** Undefined if nothing is decided, or the decision was sent, or the execution has ended. */
  getUnsentDecision(key: ApprovalKey): Promise<ApprovalWithToken | undefined>;
  recordSent(key: ApprovalKey, at: string): Promise<void>;
}

export function unsentDecisions(items: ApprovalItems): UnsentDecisions {
  return {
    async getUnsentDecision(key) {
      const found = await items.read(key);
      return found && isUnsent(found.approval) ? found : undefined;
    },

    async recordSent(key, at) {
      await items.update(key, { UpdateExpression: 'SET sentAt = :at' }, { ':at': at });
    },
  };
}

export function isUnsent({ decision, sentAt, result }: Approval): boolean {
  return decision !== undefined && !sentAt && !result;
}
