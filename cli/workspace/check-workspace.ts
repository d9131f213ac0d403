// Checks with Slack that the tokens, the scopes, the channel and the approvers work. Both setups and `countersign check` call it. A failed
// check has a remedy, and no output contains a token.
import { WebClient } from '@slack/web-api';
import { type Guests, type Ineligibility, ineligibilityOf } from '../../domain/ineligibility.ts';
import { askChannel, askToken, type Installed } from './ask-slack.ts';
import { checkBlocks } from './check-blocks.ts';
import { ADD_SCOPES, APP_TOKEN_ADVICE } from '../../slack/app-advice.ts';
import { WrongSlack } from './tokens.ts';
import type { Check } from '../check.ts';

export interface Questions {
  readonly botToken: string;
  /** Opens Socket Mode connections. Undefined if Slack sends requests to a deployed bot. */
  readonly appToken?: string | undefined;
  /** OAuth scopes in the manifest. */
  readonly scopes: readonly string[];
  /** Ids of Slack channels. */
  readonly channels: readonly string[];
  /** Ids of the users and user groups in the settings, without duplicates. */
  readonly people: readonly string[];
  readonly guests: Guests;
  /** The command with which the operator sets another token, such as `npm run setup`. */
  readonly setup: string;
  /** Base address of Slack's Web API, with the closing slash. */
  readonly slackApiUrl: string;
}

/** Slack's error codes → remedies: https://docs.slack.dev/reference/methods/usergroups.users.list#errors */
const remedies: Readonly<Record<string, string>> = {
  user_not_found: 'Check the id. It is in the profile, under ⋮, Copy member ID.',
  no_such_subteam: 'Check the id. It is in the address of the group’s page and begins with S.',
  plan_upgrade_required: 'This Slack plan has no user groups. Use user ids instead.',
  missing_scope: ADD_SCOPES,
};

const ineligibilities: Readonly<Record<Ineligibility, string>> = {
  foreign: 'of another workspace',
  bot: 'a bot',
  deactivated: 'deactivated',
  guest: 'a guest',
  invited: 'never signed in',
  unknown: 'not visible to the app',
};

/** If the check of the bot token fails, skips all further checks, because they need the token. */
export async function* checkWorkspace(questions: Questions): AsyncGenerator<Check> {
  const { botToken, appToken, scopes, channels, people, guests, setup, slackApiUrl } = questions;
  const slack = new WebClient(botToken, {
    slackApiUrl,
    retryConfig: { retries: 1 },
    rejectRateLimitedCalls: false,
  });
  if (appToken !== undefined)
    yield await check(
      'app-level token',
      async () => {
        // https://docs.slack.dev/reference/methods/apps.connections.open
        await slack.apps.connections.open({ token: appToken });
        return 'accepted';
      },
      `${APP_TOKEN_ADVICE} Then run ${setup}.`,
    );
  const question = { apiUrl: slackApiUrl, botToken, setup };
  let installed: Installed | undefined;
  yield await check('bot token', async () => {
    installed = await askToken(question);
    return `workspace ${installed.team}`;
  });
  if (!installed) return;
  const { scopes: granted, teamId } = installed;
  yield await check('scopes', async () => {
    const missing = scopes.filter((scope) => !granted.includes(scope));
    if (missing.length === 0) return `all ${scopes.length} granted`;
    return { found: `missing ${missing.join(', ')}`, remedy: ADD_SCOPES };
  });
  yield await check('blocks of messages', async () => checkBlocks(slack));
  for (const channel of channels)
    yield await check(`channel ${channel}`, async () => {
      await askChannel(question, channel);
      return 'the app is a member';
    });
  for (const id of people)
    yield await check(id.startsWith('S') ? `user group ${id}` : `approver ${id}`, async () => {
      if (id.startsWith('S')) {
        const { users = [] } = await slack.usergroups.users.list({ usergroup: id });
        return users.length > 0
          ? `${users.length} people`
          : { found: 'no members', remedy: 'Add people to the group.' };
      }
      const { user } = await slack.users.info({ user: id });
      const reason = user ? ineligibilityOf(user, teamId, guests) : 'unknown';
      if (reason)
        return { found: ineligibilities[reason], remedy: 'This user cannot approve. Choose somebody else.' };
      return user?.real_name ?? user?.name ?? id;
    });
}

async function check(
  what: string,
  run: () => Promise<string | Omit<Check, 'what'>>,
  remedy = 'Run this command again in a moment.',
): Promise<Check> {
  try {
    const found = await run();
    return { what, ...(typeof found === 'string' ? { found } : found) };
  } catch (error) {
    if (error instanceof WrongSlack) return { what, found: 'failed', remedy: error.message };
    const code = errorCode(error);
    return { what, found: code, remedy: remedies[code] ?? remedy };
  }
}

/** Slack's error code, or the error's message. */
function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const data = 'data' in error && typeof error.data === 'object' ? error.data : undefined;
  return data && 'error' in data ? String(data.error) : error.message;
}
