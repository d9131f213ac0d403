// Checks in Slack which people may be delegates. The functions that resolve approvers call it for the delegates of an
// approval, and the bot calls it before it stores a delegate.
import type { ResolvedApprovers } from '../aws/resolved-approvers-table.ts';
import type { Delegates } from '../domain/policy.ts';
import type { Resolve } from './fetch-approvers.ts';

/** Returns those of the people who are allowed as delegates and may take part. @param people Slack user ids */
export async function resolveDelegates(
  people: readonly string[],
  allowed: Delegates,
  resolve: Resolve,
): Promise<ResolvedApprovers> {
  const { userIds, resolvedAt } = await resolve(allowed === 'anyone' ? people : allowed);
  return { userIds: userIds.filter((id) => people.includes(id)), resolvedAt };
}
