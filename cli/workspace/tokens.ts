// Reads and validates the two tokens of a Slack app. With both tokens, `npm start` uses the workspace where the app is
// installed. Without tokens, `npm start` uses the local Slack.
import { APP_TOKEN_ADVICE, botTokenAdvice } from '../../slack/app-advice.ts';

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

const setIt = (name: string, start: string) =>
  `Then set it in .env: ${name}=${start}… (npm run setup asks for it, and writes it).`;
const howToSetBotToken = `${botTokenAdvice()} ${setIt('SLACK_BOT_TOKEN', 'xoxb-')}`;
export const howToSetAppToken = `${APP_TOKEN_ADVICE} ${setIt('SLACK_APP_TOKEN', 'xapp-')}`;

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
      'SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped. Exchange them in .env: SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-…',
    );
  check('SLACK_BOT_TOKEN', bot, 'xoxb-', howToSetBotToken);
  check('SLACK_APP_TOKEN', app, 'xapp-', howToSetAppToken);
  return { bot, app };
}

/** The bot token, for a command that calls the Web API alone. Throws {@link WrongSlack}. */
export function readBotToken({ SLACK_BOT_TOKEN: bot = '' }: NodeJS.ProcessEnv): string {
  if (bot === '') throw new WrongSlack(`SLACK_BOT_TOKEN is not set. ${howToSetBotToken}`);
  check('SLACK_BOT_TOKEN', bot, 'xoxb-', howToSetBotToken);
  return bot;
}

function check(name: string, token: string, start: string, how: string): void {
  if (token === '')
    throw new WrongSlack(
      `${name} is not set, but the other token is. Set both to use your Slack, or neither to use the local Slack. ${how}`,
    );
  if (!token.startsWith(start) || /\s/.test(token))
    throw new WrongSlack(`${name} must begin with ${start} and contain no spaces. ${how}`);
}
