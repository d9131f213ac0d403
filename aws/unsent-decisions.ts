// Finds decisions that are recorded but may not have reached Step Functions. Part of the approvals table. The bot and
// the reconciler call it, and send such decisions with `send-decision.ts`.
import type { Approval, ApprovalKey } from '../domain/approval.ts';
import type { ApprovalItems, ApprovalWithToken } from './approval-items.ts';

export interface UnsentDecisions {
  /** Undefined if there is no decision, if the decision was sent, or if the result of the execution is stored. */
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
