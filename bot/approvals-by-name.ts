// Finds approvals by the execution name that a person typed. The commands `status` and `cancel` call it.
import type { Approvals } from '../aws/approvals-table.ts';
import type { Executions } from '../aws/executions.ts';
import type { Approval } from '../domain/approval.ts';

export interface ApprovalsByNameDependencies {
  readonly approvals: Pick<Approvals, 'ofExecution'>;
  readonly executions: Pick<Executions, 'arnsOf'>;
}

/**
 * Returns the name of an execution from the text of a command, without backticks around it and punctuation behind it.
 * Undefined if the text has no second word.
 */
export function typedName(commandText: string): string | undefined {
  const [, word = ''] = commandText.trim().split(/\s+/);
  return word.replaceAll(/^[`*~]+|[`*~.,;:!?]+$/g, '') || undefined;
}

/** Two state machines may have executions of this name. The approvals of each execution are sorted, oldest first. */
export async function approvalsByName(
  name: string,
  { approvals, executions }: ApprovalsByNameDependencies,
): Promise<readonly Approval[]> {
  const found = await Promise.all(executions.arnsOf(name).map((arn) => approvals.ofExecution(arn)));
  return found.flat();
}
