// What setup asks for, one by one: where it is found, what it looks like, and how it is given without being asked. What was
// given before is kept, and what cannot be it is refused with a sentence.
import type { Asker, Question } from './ask.ts';
import { Unusable } from './unusable.ts';

interface Wanted extends Omit<Question, 'kept'> {
  /** In `.env`. */
  readonly name: string;
  readonly shape: RegExp;
  readonly like: string;
}

export const botToken: Wanted = {
  name: 'SLACK_BOT_TOKEN',
  text: 'Bot User OAuth Token (OAuth & Permissions)',
  shape: /^xoxb-\S+$/,
  like: 'it begins with xoxb-',
  secret: true,
  flag: '--bot-token xoxb-…',
};
export const appToken: Wanted = {
  name: 'SLACK_APP_TOKEN',
  text: 'App-level token (Basic Information; make one with the scope connections:write)',
  shape: /^xapp-\S+$/,
  like: 'it begins with xapp-',
  secret: true,
  flag: '--app-token xapp-…',
};
export const signingSecret: Wanted = {
  name: 'SLACK_SIGNING_SECRET',
  text: 'Signing secret (Basic Information)',
  shape: /^[0-9a-f]{16,}$/,
  like: 'it has 32 letters from a to f and digits',
  secret: true,
  flag: '--signing-secret …',
};
export const channel: Wanted = {
  name: 'channel',
  text: 'Channel where approvals are asked, its id',
  shape: /^[CG][A-Z0-9]{5,}$/,
  like: 'it is an id such as C0123456789, not a name: it stands at the bottom of the channel’s details',
  flag: '--channel C0123456789',
};
export const approvers: Wanted = {
  name: 'approvers',
  text: 'Who may approve, their ids separated by commas',
  shape: /^(S[A-Z0-9]{2,}|[UWS][A-Z0-9]{2,}(,[UWS][A-Z0-9]{2,})+)$/,
  like: 'they are the ids of two people at least, since nobody approves their own request, or of a user group, such as U012AB3CD,U045EF6GH; a person’s is in their profile, under ⋮, Copy member ID',
  flag: '--approvers U012AB3CD,U045EF6GH',
};

/** @param given on the command line */
export async function take(
  { text: asked, shape, like, secret = false, flag, name }: Wanted,
  given: string | undefined,
  kept: string | undefined,
  asker: Asker,
): Promise<string> {
  const value = (given ?? (await asker.ask({ text: `   ${asked}`, secret, kept, flag })))
    .replaceAll(/\s*,\s*/g, ',')
    .trim();
  if (shape.test(value)) return value;
  throw new Unusable(`That is no ${name}: ${like}.${secret ? '' : ` It is "${value}".`} Give it as ${flag}`);
}
