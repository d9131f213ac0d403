// Finds approvals by the execution name that a person typed. The commands `status` and `cancel` call it.
import type { Approvals } from '../aws/approvals-table.ts';
import type { Executions } from '../aws/executions.ts';
import type { Approval } from '../domain/approval.ts';

export interface ApprovalsByNameDependencies {
  readonly approvals: Pick<Approvals, 'ofExecution' | 'pending' | 'decided'>;
  readonly executions: Pick<Executions, 'arnsOf'>;
  readonly now: () => Date;
}

/** Number of pending approvals, and of decided ones, that are searched for a name in other case. */
const MAX_SEARCHED = 100;

/**
 * Returns the name of an execution from the text of a command, without backticks around it and punctuation behind it.
 * Undefined if the text has no second word.
 */
export function typedName(commandText: string): string | undefined {
  const [, word = ''] = commandText.trim().split(/\s+/);
  return word.replaceAll(/^[`*~]+|[`*~.,;:!?]+$/g, '') || undefined;
}

/**
 * Two state machines may have executions of this name. The approvals of each execution are sorted, oldest first. If no
 * execution has the name, returns the approvals of one that has it in other case, if it is pending or was decided this
 * month.
 */
export async function approvalsByName(
  name: string,
  dependencies: ApprovalsByNameDependencies,
): Promise<readonly Approval[]> {
  const exact = await withExactName(name, dependencies);
  if (exact.length > 0) return exact;
  const { approvals, now } = dependencies;
  const [{ approvals: pending }, decided] = await Promise.all([
    approvals.pending(MAX_SEARCHED),
    approvals.decided(now().toISOString().slice(0, 7), MAX_SEARCHED),
  ]);
  const similar = [...pending, ...decided].find(
    ({ execution }) => execution.toLowerCase() === name.toLowerCase(),
  );
  return similar ? withExactName(similar.execution, dependencies) : [];
}

async function withExactName(
  name: string,
  { approvals, executions }: ApprovalsByNameDependencies,
): Promise<readonly Approval[]> {
  const found = await Promise.all(executions.arnsOf(name).map((arn) => approvals.ofExecution(arn)));
  return found.flat();
}
