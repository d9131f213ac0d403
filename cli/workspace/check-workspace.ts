// What must be true of a Slack workspace before approvals work in it, each asked of Slack itself; whatever is wrong comes
// with what to do about it. Setup and deploy ask; nothing here repeats a token.
import { WebClient } from '@slack/web-api';
import { askChannel, askToken, type Installed } from './ask-slack.ts';
import { WrongSlack } from './tokens.ts';
import type { Check } from '../check.ts';

export interface Questions {
  readonly botToken: string;
  /** Opens Socket Mode's connections; absent where Slack reaches the bot at an address. */
  readonly appToken?: string | undefined;
  /** Scopes that the manifest asks for. */
  readonly scopes: readonly string[];
  /** Slack channel id. */
  readonly channel: string;
  /** Ids of users and user groups that the settings name, each once. */
  readonly people: readonly string[];
  /** Base address of Slack's Web API, with the closing slash. */
  readonly slackApiUrl: string;
}

const SETTINGS = 'in the settings of the app, https://api.slack.com/apps';

/** What to do about Slack's errors: https://docs.slack.dev/reference/methods/usergroups.users.list#errors and the others' */
const remedies: Readonly<Record<string, string>> = {
  user_not_found: 'Is that their id? It is in their profile, under ⋮, Copy member ID.',
  no_such_subteam: 'Is that its id? It is in the address of the group’s page, and begins with S.',
  plan_upgrade_required: 'This plan has no user groups: name people instead.',
  missing_scope: `Put the manifest into App Manifest, ${SETTINGS}, and install the app again.`,
};

const wrongAppToken = `Copy it again, or make one with the scope connections:write, ${SETTINGS}, and run this again.`;

/** In this order; without a bot token that Slack takes nothing of the rest can be asked. */
export async function* checkWorkspace(questions: Questions): AsyncGenerator<Check> {
  const { botToken, appToken, scopes, channel, people, slackApiUrl } = questions;
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
        return 'opens connections';
      },
      wrongAppToken,
    );
  const question = { apiUrl: slackApiUrl, botToken };
  let installed: Installed | undefined;
  yield await check('bot token', async () => {
    installed = await askToken(question);
    return `workspace ${installed.team}`;
  });
  if (!installed) return;
  const { scopes: granted, teamId } = installed;
  yield await check('scopes', async () => {
    const missing = scopes.filter((scope) => !granted.includes(scope));
    if (missing.length === 0) return `all ${scopes.length}`;
    return { found: `without ${missing.join(', ')}`, remedy: remedies['missing_scope'] ?? '' };
  });
  yield await check(`channel ${channel}`, async () => {
    await askChannel(question, channel);
    return 'the app is in it';
  });
  for (const id of people)
    yield await check(id.startsWith('S') ? `user group ${id}` : `approver ${id}`, async () => {
      if (id.startsWith('S')) {
        const { users = [] } = await slack.usergroups.users.list({ usergroup: id });
        return users.length > 0
          ? `${users.length} people`
          : { found: 'nobody', remedy: 'Put somebody into the group.' };
      }
      const { user } = await slack.users.info({ user: id });
      if (user?.deleted || user?.is_bot || user?.team_id !== teamId)
        return {
          found: user?.deleted ? 'deactivated' : user?.is_bot ? 'a bot' : 'of another workspace',
          remedy: 'They cannot approve: name somebody else.',
        };
      return user?.real_name ?? user?.name ?? id;
    });
}

async function check(
  what: string,
  look: () => Promise<string | Omit<Check, 'what'>>,
  remedy = 'Run this again in a moment.',
): Promise<Check> {
  try {
    const found = await look();
    return { what, ...(typeof found === 'string' ? { found } : found) };
  } catch (error) {
    if (error instanceof WrongSlack) return { what, found: 'wrong', remedy: error.message };
    const word = errorWord(error);
    return { what, found: word, remedy: remedies[word] ?? remedy };
  }
}

function errorWord(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const data = 'data' in error && typeof error.data === 'object' ? error.data : undefined;
  return data && 'error' in data ? String(data.error) : error.message;
}
