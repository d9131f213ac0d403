// Reads and validates the two tokens of a Slack app. With both tokens, `npm start` uses the workspace where the app is
// installed. Without tokens, `npm start` uses the local Slack.

export interface Tokens {
  /** For calls to the Web API. */
  readonly bot: string;
  /** For opening Socket Mode connections: https://docs.slack.dev/authentication/tokens#app-level */
  readonly app: string;
}

/** A setting for Slack is wrong, or Slack cannot be reached. The message says what to do, and contains no token. */
export class WrongSlack extends Error {
  override readonly name = 'WrongSlack';
}

export const whereBotToken =
  'copy it from OAuth & Permissions → Bot User OAuth Token in the settings of the app (https://api.slack.com/apps): SLACK_BOT_TOKEN=xoxb-…';
export const whereAppToken =
  'create it under Basic Information → App-Level Tokens in the settings of the app (https://api.slack.com/apps), with the scope connections:write: SLACK_APP_TOKEN=xapp-…';
/** Pasting `manifest.yml` instead would turn Socket Mode off, and would replace the address of a deployed bot. */
export const howToAddScopes =
  'Add each missing scope under OAuth & Permissions → Bot Token Scopes in the settings of the app (https://api.slack.com/apps), and reinstall the app.';

/** Undefined if `npm start` should use the local Slack. */
export function readTokens({
  SLACK_BOT_TOKEN: bot = '',
  SLACK_APP_TOKEN: app = '',
  SLACK_SIGNING_SECRET: signing = '',
}: NodeJS.ProcessEnv): Tokens | undefined {
  // A bot token with a signing secret and no app-level token is for a deployed bot, so `npm start` does not use it.
  if (app === '' && (bot === '' || signing !== '')) return undefined;
  if (bot.startsWith('xapp-') && app.startsWith('xoxb-'))
    throw new WrongSlack(
      'SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: the first begins with xoxb-, the second with xapp-.',
    );
  check('SLACK_BOT_TOKEN', bot, 'xoxb-', whereBotToken);
  check('SLACK_APP_TOKEN', app, 'xapp-', whereAppToken);
  return { bot, app };
}

/** The bot token, for a command that calls the Web API alone. Throws {@link WrongSlack}. */
export function readBotToken({ SLACK_BOT_TOKEN: bot = '' }: NodeJS.ProcessEnv): string {
  if (bot === '') throw new WrongSlack(`SLACK_BOT_TOKEN is not set: ${whereBotToken}`);
  check('SLACK_BOT_TOKEN', bot, 'xoxb-', whereBotToken);
  return bot;
}

function check(name: string, token: string, start: string, where: string): void {
  if (token === '')
    throw new WrongSlack(
      `${name} is not set, but the other token is. Set both to use your Slack, or neither to use the local Slack: ${where}`,
    );
  if (!token.startsWith(start) || /\s/.test(token))
    throw new WrongSlack(`${name} must begin with ${start} and contain no spaces: ${where}`);
}
