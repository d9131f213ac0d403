// Who stands behind the ids that a policy names, and who somebody is that it does not name: looked up in Slack, never
// before a press is answered. The functions that ask and refresh call it, and the bot to explain a refusal.
import type { WebClient } from '@slack/web-api';
import type { Log } from '../aws/log.ts';
import { slackErrorCode } from './slack-errors.ts';
import type { Ineligibility } from './views/decision-refused.ts';

/** https://docs.slack.dev/reference/methods/users.info#errors */
const NO_USER = ['user_not_found', 'user_not_visible'];

/** Free plans have no groups: https://docs.slack.dev/reference/methods/usergroups.users.list#errors */
const NO_GROUP = ['no_such_subteam', 'plan_upgrade_required'];

/** The people behind users and groups, each once, without those who cannot approve anything. */
export async function resolveApprovers(
  approvers: readonly string[],
  slack: WebClient,
  log: Log,
): Promise<readonly string[]> {
  const named: string[] = [];
  for (const id of approvers) named.push(...(id.startsWith('S') ? await groupOf(id, slack, log) : [id]));
  const { team_id } = await slack.auth.test();
  const effectiveApprovers: string[] = [];
  for (const id of new Set(named)) {
    const ineligibility = await ineligibilityReason(id, team_id, slack);
    if (!ineligibility) effectiveApprovers.push(id);
    else if (approvers.includes(id))
      log('approver_ineligible', { approver: id, ineligibility, remedy: settingRemedy(id) });
  }
  return effectiveApprovers;
}

/** What keeps this user from approving anything, whatever the policy says. Undefined: nothing. */
export async function ineligibilityReason(
  user: string,
  ownTeam: string | undefined,
  slack: WebClient,
): Promise<Ineligibility | undefined> {
  try {
    const { user: found } = await slack.users.info({ user });
    if (found?.deleted) return 'deactivated';
    if (found?.is_bot) return 'bot';
    return found?.team_id === ownTeam ? undefined : 'foreign';
  } catch (error) {
    if (NO_USER.includes(slackErrorCode(error) ?? '')) return 'unknown';
    throw error;
  }
}

async function groupOf(usergroup: string, slack: WebClient, log: Log): Promise<readonly string[]> {
  try {
    const { users = [] } = await slack.usergroups.users.list({ usergroup });
    return users;
  } catch (error) {
    const refusal = slackErrorCode(error) ?? '';
    if (!NO_GROUP.includes(refusal)) throw error;
    log('approver_ineligible', {
      approver: usergroup,
      ineligibility: refusal,
      remedy: settingRemedy(usergroup),
    });
    return [];
  }
}

function settingRemedy(id: string): string {
  return `${id} can approve nothing: mend the settings "approvers" and "tiers", and deploy. Free plans have no user groups.`;
}
