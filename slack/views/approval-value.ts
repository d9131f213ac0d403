// The value of a button on an approval: the key of the approval, and the digest of the terms that the button's message
// shows, but never the task token. Buttons write it, and their listeners read it.
import type { Approval, ApprovalKey } from '../../domain/approval.ts';

export interface ApprovalValue {
  readonly key: ApprovalKey;
  /**
   * Undefined if the request has no terms, if the button decides nothing, and if an earlier version of this app posted
   * the button.
   */
  readonly termsDigest: string | undefined;
}

/**
 * Slack allows 2,000 characters: https://docs.slack.dev/reference/block-kit/block-elements/button-element. The name of
 * an execution has at most 80, an id has 25, and a digest has 64.
 */
export function approvalValue({ execution, id }: ApprovalKey): string {
  return JSON.stringify({ execution, id });
}

/** For a button that decides. */
export function decisionValue({ execution, id, terms }: Approval): string {
  return JSON.stringify({ execution, id, termsDigest: terms?.digest });
}

/** Returns undefined if this app did not write the value. */
export function readApprovalValue(value: string | undefined): ApprovalValue | undefined {
  try {
    const { execution, id, termsDigest } = JSON.parse(value ?? '');
    const isRead =
      typeof execution === 'string' &&
      typeof id === 'string' &&
      ['string', 'undefined'].includes(typeof termsDigest);
    return isRead ? { key: { execution, id }, termsDigest } : undefined;
  } catch {
    return undefined;
  }
}
