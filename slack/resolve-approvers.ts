// Asks Slack for the members of user groups, and whether a user can approve at all. The functions behind queues call it
// to resolve approvers. The bot calls it only after it has answered Slack, because these calls take time.
import type { WebClient } from '@slack/web-api';
import type { Log } from '../aws/log.ts';
import type { Guests } from '../domain/ineligibility.ts';
import { ineligibilityReason } from './check-person.ts';
import { slackErrorCode } from './slack-errors.ts';

/** Free plans have no groups: https://docs.slack.dev/reference/methods/usergroups.users.list#errors */
const NO_GROUP = ['no_such_subteam', 'plan_upgrade_required'];

/**
 * Resolves users and user groups to people. Each person appears once; people who may not take part are left out.
 */
export async function resolveApprovers(
  approvers: readonly string[],
  guests: Guests,
  slack: WebClient,
  log: Log,
): Promise<readonly string[]> {
  const named: string[] = [];
  for (const id of approvers) named.push(...(id.startsWith('S') ? await groupMembers(id, slack, log) : [id]));
  const { team_id } = await slack.auth.test();
  const effectiveApprovers: string[] = [];
  for (const id of new Set(named)) {
    const ineligibility = await ineligibilityReason(id, team_id, guests, slack);
    if (!ineligibility) effectiveApprovers.push(id);
    else if (approvers.includes(id))
      log('approver_ineligible', { approver: id, ineligibility, remedy: settingRemedy(id) });
  }
  return effectiveApprovers;
}

async function groupMembers(usergroup: string, slack: WebClient, log: Log): Promise<readonly string[]> {
  try {
    const { users = [] } = await slack.usergroups.users.list({ usergroup });
    return users;
  } catch (error) {
    const code = slackErrorCode(error) ?? '';
    if (!NO_GROUP.includes(code)) throw error;
    log('approver_ineligible', {
      approver: usergroup,
      ineligibility: code,
      remedy: settingRemedy(usergroup),
    });
    return [];
  }
}

function settingRemedy(id: string): string {
  return `${id} can approve nothing: correct the settings "approvers" and "tiers", and deploy. Free plans have no user groups.`;
}
