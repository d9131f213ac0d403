// Finds the approvals that a person may see. Home and the commands that list approvals call it.
import type { WebClient } from '@slack/web-api';
import type { Approvals } from '../aws/approvals-table.ts';
import type { Approval, PageCursor } from '../domain/approval.ts';
import { isInvolved, maySee } from '../domain/requesters.ts';
import type { ChannelsOf } from '../slack/channel-membership.ts';

export interface VisibilityDependencies {
  readonly approvals: Pick<Approvals, 'pending'>;
  readonly channelsOf: ChannelsOf;
}

/** Pages of pending approvals that are read at most to find a page of visible ones. */
const MAX_PAGES = 10;

/** Asks Slack only if the person is not involved in all of the approvals. */
export async function visibleTo(
  person: string,
  approvals: readonly Approval[],
  slack: WebClient,
  { channelsOf }: Pick<VisibilityDependencies, 'channelsOf'>,
): Promise<readonly Approval[]> {
  if (approvals.every((approval) => isInvolved(approval, person))) return approvals;
  const channels = await channelsOf(person, slack);
  return approvals.filter((approval) => maySee(approval, person, channels));
}

/** Up to about `limit` pending approvals that the person may see, earliest deadline first. */
export async function visiblePending(
  person: string,
  { limit, after }: { readonly limit: number; readonly after?: PageCursor | undefined },
  slack: WebClient,
  dependencies: VisibilityDependencies,
): ReturnType<Approvals['pending']> {
  const found: Approval[] = [];
  let next = after;
  for (let pages = 0; pages < MAX_PAGES && found.length < limit; pages += 1) {
    const page = await dependencies.approvals.pending(limit - found.length, next);
    found.push(...(await visibleTo(person, page.approvals, slack, dependencies)));
    next = page.next;
    if (!next) break;
  }
  return { approvals: found, next };
}
