// Checks in Slack which people may be delegates. The functions that resolve approvers call it for the delegates of an
// approval, and the bot calls it before it stores a delegate.
import type { ResolvedApprovers } from '../aws/resolved-approvers-table.ts';
import type { PeopleRules } from '../domain/people-rules.ts';
import type { Resolve } from './fetch-approvers.ts';

/** Returns those of the people whom the setting `delegates` allows and who may take part. @param people Slack user ids */
export async function resolveDelegates(
  people: readonly string[],
  { delegates }: PeopleRules,
  resolve: Resolve,
): Promise<ResolvedApprovers> {
  const { userIds, resolvedAt } = await resolve(delegates === 'anyone' ? people : delegates);
  return { userIds: userIds.filter((id) => people.includes(id)), resolvedAt };
}
