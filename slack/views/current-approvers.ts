// Names the people who may approve a pending request now. Every text that says who may approve uses it.
import type { Approval } from '../../domain/approval.ts';
import { currentApprovers } from '../../domain/escalation.ts';
import { mayStillApprove } from '../../domain/votes.ts';
import { formatList, MAX_NAMED, mention } from './mrkdwn.ts';

/**
 * Returns a text such as `@Chloe, or @Dana for @Ben`.
 * @param conjunction between the names: `or` if one of the people is enough
 */
export function formatCurrentApprovers(approval: Approval, conjunction: 'and' | 'or'): string {
  return formatPeople(mayStillApprove(approval), approval, conjunction);
}

/** The same for some of them. If there are many, names user groups instead of their members. */
export function formatPeople(
  people: readonly string[],
  approval: Approval,
  conjunction: 'and' | 'or',
): string {
  const { delegateFor } = approval;
  const ids = people.length > MAX_NAMED ? grouped(people, approval) : people;
  const own = ids.filter((id) => !delegateFor[id]).map(mention);
  const delegates = ids.flatMap((id) => {
    const person = delegateFor[id];
    return person ? [`${mention(id)} for ${mention(person)}`] : [];
  });
  if (delegates.length === 0 || own.length === 0) return formatList([...own, ...delegates], conjunction);
  return `${formatList(own, conjunction)}, ${conjunction} ${formatList(delegates, conjunction)}`;
}

/** Replaces members of user groups by their groups. Delegates stay, because they may belong to no group. */
function grouped(people: readonly string[], approval: Approval): readonly string[] {
  const ids = currentApprovers(approval);
  const groups = ids.filter((id) => id.startsWith('S'));
  const single = people.filter((id) => ids.includes(id) || (groups.length > 0 && approval.delegateFor[id]));
  return groups.length > 0 ? [...groups, ...single] : people;
}
