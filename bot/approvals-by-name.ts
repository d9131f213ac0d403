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

/** Returns the second word of a command, without backticks around it. Undefined if there is none. */
export function typedName(commandText: string): string | undefined {
  const [, word = ''] = commandText.trim().split(/\s+/);
  const [, quoted] = /^`([^`]+)`/.exec(word) ?? [];
  return quoted ?? (word.replaceAll(/^[`*~]+|[`*~]+$/g, '') || undefined);
}

/**
 * Two state machines may have executions of this name. The approvals of each execution are sorted, oldest first. If no
 * execution has the name as it was typed, tries it without punctuation behind it, and in other case.
 */
export async function approvalsByName(
  typed: string,
  dependencies: ApprovalsByNameDependencies,
): Promise<readonly Approval[]> {
  const bare = typed.replace(/[`*~.,;:!?]+$/, '');
  for (const name of new Set([typed, bare, inCaseOfBot(bare)])) {
    const found = await withExactName(name, dependencies);
    if (found.length > 0) return found;
  }
  return withSimilarName(bare, dependencies);
}

/** The bot names executions after what is asked in capitals, and a digest. */
function inCaseOfBot(name: string): string {
  const dash = name.lastIndexOf('-') + 1;
  return `${name.slice(0, dash).toUpperCase()}${name.slice(dash).toLowerCase()}`;
}

/**
 * Finds the name in any case among the pending executions and those decided this month. State machines that a pattern
 * allows are found only here, because an ARN cannot be made of a pattern.
 */
async function withSimilarName(
  name: string,
  dependencies: ApprovalsByNameDependencies,
): Promise<readonly Approval[]> {
  const { approvals, executions, now } = dependencies;
  const [{ approvals: pending }, decided] = await Promise.all([
    approvals.pending(MAX_SEARCHED),
    approvals.decided(now().toISOString().slice(0, 7), MAX_SEARCHED),
  ]);
  const similar = [...pending, ...decided].filter(
    ({ execution }) => execution.toLowerCase() === name.toLowerCase(),
  );
  const arns = similar.flatMap(({ execution, executionArn }) => [
    ...executions.arnsOf(execution),
    executionArn,
  ]);
  return allOf([...new Set(arns)], dependencies);
}

async function withExactName(
  name: string,
  dependencies: ApprovalsByNameDependencies,
): Promise<readonly Approval[]> {
  return allOf(dependencies.executions.arnsOf(name), dependencies);
}

async function allOf(
  executionArns: readonly string[],
  { approvals }: ApprovalsByNameDependencies,
): Promise<readonly Approval[]> {
  const found = await Promise.all(executionArns.map((arn) => approvals.ofExecution(arn)));
  return found.flat();
}
