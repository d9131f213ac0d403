// Why a Slack user cannot approve or request anything, whatever the policy says. `slack/check-person.ts` reads the user
// from Slack and applies this rule. The answer to a refused action explains the reason.

/**
 * `foreign`: a member of another workspace. `guest`: a guest whom the setting `guests` does not allow. `invited`: a
 * person who never signed in. `unknown`: Slack does not show this user to the app.
 */
export type Ineligibility = 'foreign' | 'bot' | 'deactivated' | 'guest' | 'invited' | 'unknown';

/** Which guests may approve and request. `full`: guests of several channels. `single-channel`: these and guests of one. */
export const GUESTS = ['none', 'full', 'single-channel'] as const;
export type Guests = (typeof GUESTS)[number];

/** The fields of Slack's user object that the rule reads: https://docs.slack.dev/reference/objects/user-object */
export interface SlackUser {
  readonly id?: string;
  readonly team_id?: string;
  readonly deleted?: boolean;
  readonly is_bot?: boolean;
  /** True for every guest. */
  readonly is_restricted?: boolean;
  /** True for a guest of one channel. */
  readonly is_ultra_restricted?: boolean;
  readonly is_invited_user?: boolean;
  /** True for a person of another workspace who is in no channel with the app. */
  readonly is_stranger?: boolean;
}

/** Slack's own account. Its user object says `is_bot: false`: https://github.com/slackapi/bolt-js/issues/794 */
const SLACKBOT = 'USLACKBOT';

/** @param ownTeam id of the workspace in which the app is installed */
export function ineligibilityOf(
  user: SlackUser,
  ownTeam: string | undefined,
  guests: Guests,
): Ineligibility | undefined {
  if (user.deleted) return 'deactivated';
  if (user.is_bot || user.id === SLACKBOT) return 'bot';
  if (user.is_stranger || user.team_id !== ownTeam) return 'foreign';
  if (user.is_invited_user) return 'invited';
  if (user.is_ultra_restricted) return guests === 'single-channel' ? undefined : 'guest';
  if (user.is_restricted) return guests === 'none' ? 'guest' : undefined;
  return undefined;
}
