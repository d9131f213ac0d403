// The two tokens of a Slack app, from the environment: with both, `npm start` uses the workspace where the app is
// installed; with neither, the small Slack on this machine. `npm start` reads them.

export interface Tokens {
  /** Calls the Web API. */
  readonly bot: string;
  /** Opens Socket Mode's connections: https://docs.slack.dev/authentication/tokens#app-level */
  readonly app: string;
}

/** The real Slack cannot be used as it is set; the message says how to mend it, and never holds a token. */
export class WrongSlack extends Error {
  override readonly name = 'WrongSlack';
}

export const whereBotToken =
  'copy it from OAuth & Permissions → Bot User OAuth Token in the settings of the app (https://api.slack.com/apps): SLACK_BOT_TOKEN=xoxb-…';
export const whereAppToken =
  'make it under Basic Information → App-Level Tokens in the settings of the app (https://api.slack.com/apps), with the scope connections:write: SLACK_APP_TOKEN=xapp-…';

export function readTokens({
  SLACK_BOT_TOKEN: bot = '',
  SLACK_APP_TOKEN: app = '',
  SLACK_SIGNING_SECRET: signing = '',
}: NodeJS.ProcessEnv): Tokens | undefined {
  // A signing secret beside it: the bot token is that of a deployed app, which Slack reaches by itself.
  if (app === '' && (bot === '' || signing !== '')) return undefined;
  if (bot.startsWith('xapp-') && app.startsWith('xoxb-'))
    throw new WrongSlack(
      'SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped: the first begins with xoxb-, the second with xapp-.',
    );
  check('SLACK_BOT_TOKEN', bot, 'xoxb-', whereBotToken);
  check('SLACK_APP_TOKEN', app, 'xapp-', whereAppToken);
  return { bot, app };
}

function check(name: string, token: string, start: string, where: string): void {
  if (token === '')
    throw new WrongSlack(
      `${name} is not set, and the other token is. Set both to use your Slack, or neither for the local one: ${where}`,
    );
  if (!token.startsWith(start) || /\s/.test(token))
    throw new WrongSlack(
      `${name} is not such a token, which begins with ${start} and has no spaces: ${where}`,
    );
}
