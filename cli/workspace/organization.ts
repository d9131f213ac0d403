// Refuses the bot token of an Enterprise Grid organization. Setup, `npm start` and the deployment check it.

/** The fields of Slack's answer that are read: https://docs.slack.dev/reference/methods/auth.test */
interface AuthAnswer {
  readonly team?: unknown;
  readonly enterprise_id?: unknown;
  readonly is_enterprise_install?: unknown;
}

const WHAT_TO_DO = 'which is not supported. Install the app in a workspace outside Enterprise Grid.';

/** What is wrong and what to do. Undefined if the token belongs to a workspace outside of every organization. */
export function organizationProblem({
  team,
  enterprise_id,
  is_enterprise_install,
}: AuthAnswer): string | undefined {
  if (is_enterprise_install === true)
    return `The app is installed for the whole organization ${String(team)} (Enterprise Grid), ${WHAT_TO_DO}`;
  // In an organization, a person's `team_id` may name the organization, so approvers could not be told from foreign people:
  // https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
  if (enterprise_id)
    return `The workspace ${String(team)} belongs to an Enterprise Grid organization, ${WHAT_TO_DO}`;
  return undefined;
}
