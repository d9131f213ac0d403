// What setup asks for, one by one: where it is found, what it looks like, and how it is given without being asked. What was
// given before is kept, and what cannot be it is refused with a sentence.
import type { Prompter, Question } from './prompt.ts';
import { UsageError } from './usage-error.ts';

interface Prompt extends Omit<Question, 'kept'> {
  /** What people call it. */
  readonly name: string;
  readonly shape: RegExp;
  /** What it looks like, and where it is: follows what was wrong. */
  readonly like: string;
}

export const botToken: Prompt = {
  name: 'bot token',
  text: 'Bot User OAuth Token (OAuth & Permissions)',
  shape: /^xoxb-[\w-]+$/,
  like: 'that begins with xoxb-, and stands under OAuth & Permissions',
  secret: true,
  flag: '--bot-token xoxb-…',
};
export const appToken: Prompt = {
  name: 'app-level token',
  text: 'App-level token (Basic Information; make one with the scope connections:write)',
  shape: /^xapp-[\w-]+$/,
  like: 'that begins with xapp-, and is made under Basic Information',
  secret: true,
  flag: '--app-token xapp-…',
};
export const signingSecret: Prompt = {
  name: 'signing secret',
  text: 'Signing secret (Basic Information)',
  shape: /^[0-9a-f]{32}$/,
  like: 'that has 32 letters from a to f and digits',
  secret: true,
  flag: '--signing-secret …',
};
export const channel: Prompt = {
  name: 'id of a channel',
  text: 'Channel where approvals are asked, its id',
  shape: /^[CG][A-Z0-9]{5,}$/,
  like: 'one is such as C0123456789, no name, and stands at the bottom of the channel’s details',
  flag: '--channel C0123456789',
};
export const approvers: Prompt = {
  name: 'list of those who may approve',
  text: 'Who may approve, their ids separated by commas',
  shape: /^(S[A-Z0-9]{2,}|[UWS][A-Z0-9]{2,}(,[UWS][A-Z0-9]{2,})+)$/,
  like: 'it takes the ids of two people at least, since nobody approves their own request, or of a user group, such as U012AB3CD,U045EF6GH; a person’s is in their profile, under ⋮, Copy member ID',
  flag: '--approvers U012AB3CD,U045EF6GH',
};

/**
 * Asks until the answer can be it; what was given on the command line is refused at once.
 * @param given on the command line
 */
export async function promptFor(
  { text: asked, shape, like, secret = false, flag, name }: Prompt,
  given: string | undefined,
  kept: string | undefined,
  prompter: Prompter,
): Promise<string> {
  const fits = (answer: string) => {
    const value = answer.replaceAll(/\s*,\s*/g, ',').trim();
    return shape.test(value) ? value : undefined;
  };
  const refusal = (value: string) => `${secret ? 'That' : `"${value}"`} is no ${name}: ${like}.`;
  if (given !== undefined) {
    const value = fits(given);
    if (value !== undefined) return value;
    throw new UsageError(`${refusal(given)} Give it as ${flag}`);
  }
  const known = kept === undefined ? '' : ` (Enter keeps ${secret ? 'the one you gave' : kept})`;
  for (;;) {
    const answer = await prompter.ask({ text: `   ${asked}${known}`, secret, otherwise: kept, flag });
    const value = fits(answer);
    if (value !== undefined) return value;
    process.stderr.write(`     ${refusal(answer)}\n`);
  }
}
