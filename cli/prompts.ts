// The values that `npm run setup` asks for. Each has a prompt, a format and a command-line option. Setup calls
// `promptFor`, which validates the answer and offers the saved value as the default.
import { APP_TOKEN_PAGE, BOT_TOKEN_PAGE, SIGNING_SECRET_PAGE } from '../slack/app-advice.ts';
import type { Prompter, Question } from './prompt.ts';
import { UsageError } from './usage-error.ts';

interface Prompt extends Question {
  /** The name with its article, such as `a bot token`, for error messages. */
  readonly name: string;
  readonly pattern: RegExp;
  /** Describes the format and where to find the value. Part of the error message. */
  readonly hint: string;
}

export const botToken: Prompt = {
  name: 'a bot token',
  text: `Bot token (${BOT_TOKEN_PAGE})`,
  pattern: /^xoxb-[\w-]+$/,
  hint: `it begins with xoxb- and is under ${BOT_TOKEN_PAGE}`,
  secret: true,
  flag: '--bot-token xoxb-…',
};
export const appToken: Prompt = {
  name: 'an app-level token',
  text: `App-level token (${APP_TOKEN_PAGE}; create one with the scope connections:write)`,
  pattern: /^xapp-[\w-]+$/,
  hint: `it begins with xapp- and is under ${APP_TOKEN_PAGE}`,
  secret: true,
  flag: '--app-token xapp-…',
};
export const signingSecret: Prompt = {
  name: 'a signing secret',
  text: `Signing secret (${SIGNING_SECRET_PAGE})`,
  pattern: /^[0-9a-f]{32}$/,
  hint: `it has 32 characters, each a digit or a letter from a to f, and is under ${SIGNING_SECRET_PAGE}`,
  secret: true,
  flag: '--signing-secret …',
};
export const channel: Prompt = {
  name: 'a channel id',
  text: 'Id of the channel for approval requests',
  pattern: /^[CG][A-Z0-9]{5,}$/,
  hint: 'it looks like C0123456789 and is at the bottom of the channel’s details',
  flag: '--channel C0123456789',
};
export const approvers: Prompt = {
  name: 'a list of approvers',
  text: 'Ids of the approvers, separated by commas',
  pattern: /^(S[A-Z0-9]{2,}|[UWS][A-Z0-9]{2,}(,[UWS][A-Z0-9]{2,})+)$/,
  hint: 'it needs at least two user ids, because nobody can approve their own request, or a user group id; a list looks like U012AB3CD,U045EF6GH; find a user id in the profile, under ⋮, Copy member ID',
  flag: '--approvers U012AB3CD,U045EF6GH',
};

/**
 * Asks until the answer is valid.
 * @param given value from the command line or the environment; if set, `promptFor` does not ask
 * @param saved value from `.env`; an empty answer keeps this value
 * @throws UsageError if `given` is invalid
 */
export async function promptFor(
  { text, pattern, hint, secret = false, flag, name }: Prompt,
  given: string | undefined,
  saved: string | undefined,
  prompter: Prompter,
): Promise<string> {
  const parse = (answer: string) => {
    const value = answer.replaceAll(/\s*,\s*/g, ',').trim();
    return pattern.test(value) ? value : undefined;
  };
  const problemWith = (value: string) => `${secret ? 'That' : `"${value}"`} is not ${name}: ${hint}.`;
  if (given !== undefined) {
    const value = parse(given);
    if (value !== undefined) return value;
    throw new UsageError(`${problemWith(given)} Pass it as ${flag}`);
  }
  const savedNote = saved === undefined ? '' : ` (press Enter to keep ${secret ? 'the saved one' : saved})`;
  for (;;) {
    const answer = await prompter.ask({
      text: `   ${text}${savedNote}`,
      secret,
      defaultAnswer: saved,
      flag,
    });
    const value = parse(answer);
    if (value !== undefined) return value;
    process.stderr.write(`     ${problemWith(answer)}\n`);
  }
}
