// The value of a button on an approval: the key of the approval, and never the task token. Buttons write it, and their
// listeners read it.
import type { ApprovalKey } from '../../domain/approval.ts';

/** Slack allows 2,000 characters. The name of an execution has at most 80, and an id has 25. */
export function approvalValue({ execution, id }: ApprovalKey): string {
  return JSON.stringify({ execution, id });
}

/** Returns undefined if this app did not write the value. */
export function readApprovalValue(value: string | undefined): ApprovalKey | undefined {
  try {
    const { execution, id } = JSON.parse(value ?? '');
    return typeof execution === 'string' && typeof id === 'string' ? { execution, id } : undefined;
  } catch {
    return undefined;
  }
}
