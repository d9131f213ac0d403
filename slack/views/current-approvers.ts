// Names the people who may approve a pending request now. Every text that says who may approve uses it.
import type { Approval } from '../../domain/approval.ts';
import { currentApprovers } from '../../domain/escalation.ts';
import { mayStillApprove } from '../../domain/votes.ts';
import { formatList, MAX_NAMED, mention } from './mrkdwn.ts';

/**
 * Returns a text such as `@Chloe, or @Dana for @Ben`. If many people may approve, names user groups instead of their
 * members.
 * @param conjunction between the names: `or` if one of the people is enough
 */
export function formatCurrentApprovers(approval: Approval, conjunction: 'and' | 'or'): string {
  const people = mayStillApprove(approval);
  return formatPeople(people.length > MAX_NAMED ? grouped(people, approval) : people, approval, conjunction);
}

/** The same for some of the approvers. Undefined if nobody of them may approve. @param among ids of users and groups */
export function formatSomeApprovers(among: readonly string[], approval: Approval): string | undefined {
  const people = grouped(mayStillApprove(approval), approval, among);
  return people.length > 0 ? formatPeople(people, approval, 'and') : undefined;
}

/** Replaces members of user groups by their groups. Delegates stay, because they may belong to no group. */
function grouped(
  people: readonly string[],
  approval: Approval,
  among: readonly string[] = currentApprovers(approval),
): readonly string[] {
  const { delegateFor } = approval;
  const groups = among.filter((id) => id.startsWith('S'));
  const single = people.filter(
    (id) => among.includes(delegateFor[id] ?? id) || (groups[0] && delegateFor[id]),
  );
  return [...single, ...groups];
}

function formatPeople(ids: readonly string[], { delegateFor }: Approval, conjunction: 'and' | 'or'): string {
  const own = ids.filter((id) => !delegateFor[id]).map(mention);
  const delegates = ids.flatMap((id) => {
    const person = delegateFor[id];
    return person ? [`${mention(id)} for ${mention(person)}`] : [];
  });
  if (delegates.length === 0 || own.length === 0) return formatList([...own, ...delegates], conjunction);
  return `${formatList(own, conjunction)}, ${conjunction} ${formatList(delegates, conjunction)}`;
}
