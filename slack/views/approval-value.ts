// What a button on an approval carries: its key, so that the press finds the record. Every such button writes it, the
// listener of its press reads it; the task token is never among it.
import type { ApprovalKey } from '../../domain/approval.ts';

/** Far below the 2,000 characters a value may have: an execution's name has 80 at most, an id 25. */
export function approvalValue({ execution, id }: ApprovalKey): string {
  return JSON.stringify({ execution, id });
}

/** Undefined: it is none of ours. */
export function readApprovalValue(value: string | undefined): ApprovalKey | undefined {
  try {
    const { execution, id } = JSON.parse(value ?? '');
    return typeof execution === 'string' && typeof id === 'string' ? { execution, id } : undefined;
  } catch {
    return undefined;
  }
}
