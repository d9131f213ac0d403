// Stores the task token of a state that was retried. Part of the approvals table; request-approval and the reconciler call it. Each
// attempt sends a message with a new task token, and only the token of the last attempt resumes the execution.
import type { ApprovalKey } from '../domain/approval.ts';
import type { ApprovalItems, ApprovalWithToken } from './approval-items.ts';

export interface TaskTokens {
  /**
   * Replaces the task token if this attempt is later than the stored one.
   * @returns the stored approval with its token, changed or not. Undefined if there is no approval
   */
  replaceTaskToken(
    key: ApprovalKey,
    attempt: number,
    taskToken: string,
  ): Promise<ApprovalWithToken | undefined>;
  /** Undefined if there is no approval. */
  taskTokenOf(key: ApprovalKey): Promise<string | undefined>;
}

export function taskTokens(items: ApprovalItems): TaskTokens {
  return {
    async replaceTaskToken(key, attempt, taskToken) {
      const change = {
        UpdateExpression: 'SET attempt = :attempt, taskToken = :taskToken',
        ConditionExpression: 'attempt < :attempt',
      };
      const written = await items.update(key, change, { ':attempt': attempt, ':taskToken': taskToken });
      return written.written ? written : written.current;
    },

    async taskTokenOf(key) {
      return (await items.read(key))?.taskToken;
    },
  };
}
