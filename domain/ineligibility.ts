// Why a Slack user cannot approve anything, whatever the policy says. `ineligibilityReason()` gets the reason from
// Slack, and the answer to a refused vote states the reason.

/** `foreign`: a member of another workspace. `unknown`: Slack does not show this user to the app. */
export type Ineligibility = 'foreign' | 'bot' | 'deactivated' | 'unknown';
