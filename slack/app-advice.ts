// What an operator does about a token, the signing secret or a scope of the Slack app. The commands and the remedies in
// the logs take the words from here; test/docs/advice.test.ts compares the documents.

const SETTINGS = 'in the settings of the app (https://api.slack.com/apps)';

export const BOT_TOKEN_PAGE = 'OAuth & Permissions → Bot User OAuth Token';
export const APP_TOKEN_PAGE = 'Basic Information → App-Level Tokens';
export const SIGNING_SECRET_PAGE = 'Basic Information → App Credentials → Signing Secret';
export const SCOPES_PAGE = 'OAuth & Permissions → Bot Token Scopes';

export const APP_TOKEN_ADVICE = `Copy the app-level token, or create one with the scope connections:write, under ${APP_TOKEN_PAGE} ${SETTINGS}.`;

/** Pasting `manifest.yml` instead would turn Socket Mode off, and would replace the address of a deployed bot. */
export const ADD_SCOPES = `Add each missing scope under ${SCOPES_PAGE} ${SETTINGS}, and reinstall the app.`;

/** For the secret of a deployed bot. */
export const STORE_IN_SECRET =
  'Put it into the secret with npm run setup -- --aws, or for an app of your own with npx countersign setup --stack MyStack.';

/** @param code Slack's error code; undefined if there is no bot token */
export function botTokenAdvice(code?: string): string {
  const isUninstalled = code === 'account_inactive' || code === 'token_revoked';
  const reinstall = 'The app was uninstalled, or its token was revoked: install it again under Install App. ';
  return `${isUninstalled ? reinstall : ''}Copy the bot token from ${BOT_TOKEN_PAGE} ${SETTINGS}.`;
}
