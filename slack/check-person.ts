// Checks in Slack whether a user may take part, which means to approve and to request. The functions that resolve
// approvers call it. The bot calls it before it starts an execution or stores a delegate, and to explain a refusal; it
// is never called before a press of Approve is answered.
import type { WebClient } from '@slack/web-api';
import { type Guests, type Ineligibility, ineligibilityOf, type SlackUser } from '../domain/ineligibility.ts';
import { slackErrorCode } from './slack-errors.ts';

/** Returns why the user may not take part, or undefined if they may. @param user Slack user id */
export type CheckPerson = (user: string, slack: WebClient) => Promise<Ineligibility | undefined>;

/** https://docs.slack.dev/reference/methods/users.info#errors */
const NO_USER = ['user_not_found', 'user_not_visible'];

/** @param ownTeam id of the workspace in which the app is installed */
export async function ineligibilityReason(
  user: string,
  ownTeam: string | undefined,
  guests: Guests,
  slack: WebClient,
): Promise<Ineligibility | undefined> {
  const found = await findUser(user, slack);
  return found ? ineligibilityOf(found, ownTeam, guests) : 'unknown';
}

/** Undefined if Slack does not show this user to the app. */
async function findUser(user: string, slack: WebClient): Promise<SlackUser | undefined> {
  try {
    return (await slack.users.info({ user })).user;
  } catch (error) {
    if (NO_USER.includes(slackErrorCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** Remembers each answer for five minutes, so that repeated commands do not use up Slack's rate limit. */
export function cachedCheck(guests: Guests, now: () => Date): CheckPerson {
  const answers = new Map<string, { readonly at: number; readonly answer: ReturnType<CheckPerson> }>();
  return (user, slack) => {
    const cached = answers.get(user);
    if (cached && now().getTime() - cached.at < CACHE_TTL_MS) return cached.answer;
    const answer = check(user, guests, slack);
    answers.set(user, { at: now().getTime(), answer });
    answer.catch(() => answers.delete(user));
    return answer;
  };
}

const CACHE_TTL_MS = 5 * 60_000;

async function check(user: string, guests: Guests, slack: WebClient): Promise<Ineligibility | undefined> {
  const { team_id } = await slack.auth.test();
  return ineligibilityReason(user, team_id, guests, slack);
}
