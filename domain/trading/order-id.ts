// The id of the order of an approval. The states that place orders, End Orders and the bot make it, so none needs to be told.
import { sha256 } from '../digest.ts';

/**
 * @param approval id of the approval
 * @returns not truncated, because a caller who chooses execution names could find two with the same short digest
 */
export function orderId(executionArn: string, approval: string): string {
  return `paper-${sha256(`${executionArn} ${approval}`)}`;
}
