// Checks with Slack that the bot token is valid and that the bot can read the channel. `npm start` and `npm run setup`
// call it first. Otherwise a wrong setting would cause an error only later, when the app posts its first message.
import { organizationProblem } from './organization.ts';
import { ADD_SCOPES, botTokenAdvice } from '../../slack/app-advice.ts';
import { WrongSlack } from './tokens.ts';

export interface Installed {
  /** Name of the workspace. */
  readonly team: string;
  readonly teamId: string;
  /** OAuth scopes that the app was granted. */
  readonly scopes: readonly string[];
}

export interface WorkspaceQuestion {
  /** Base address of Slack's Web API, with the closing slash. */
  readonly apiUrl: string;
  readonly botToken: string;
  /** The command with which the operator sets another token, such as `npm run setup`. */
  readonly setup: string;
}

export async function askToken(question: WorkspaceQuestion): Promise<Installed> {
  const { answer, scopes } = await ask(question, 'auth.test', {});
  if (answer.ok !== true)
    throw new WrongSlack(
      `Slack rejected the bot token (${String(answer.error)}). ${botTokenAdvice(String(answer.error))} Then run ${question.setup}.`,
    );
  const problem = organizationProblem(answer);
  if (problem) throw new WrongSlack(problem);
  return { team: String(answer.team), teamId: String(answer.team_id), scopes };
}

/** Reads the history, because the manifest's scopes do not include `channels:read`, which conversations.info needs. */
export async function askChannel(question: WorkspaceQuestion, channel: string): Promise<void> {
  const { answer } = await ask(question, 'conversations.history', { channel, limit: '1' });
  if (answer.ok !== true) throw new WrongSlack(channelProblem(channel, answer));
}

function channelProblem(channel: string, { error, needed }: SlackAnswer): string {
  if (error === 'channel_not_found')
    return `Slack has no channel ${channel} that the app can see (channel_not_found). Check the id, such as C0123456789, at the bottom of the channel's details. If the channel is private, invite the app first.`;
  if (error === 'not_in_channel')
    return `The app is not in the channel ${channel} (not_in_channel). Type /invite @Countersign in that channel.`;
  if (error === 'missing_scope')
    return `The app was installed without the scope ${String(needed)} (missing_scope). ${ADD_SCOPES}`;
  return `The app cannot use the channel ${channel} (${String(error)}). Restore the channel, or choose another.`;
}

/** The properties of Slack's answers that this file reads. */
interface SlackAnswer {
  readonly ok?: unknown;
  readonly error?: unknown;
  readonly needed?: unknown;
  readonly team?: unknown;
  readonly team_id?: unknown;
  readonly enterprise_id?: unknown;
  readonly is_enterprise_install?: unknown;
}

async function ask(
  { apiUrl, botToken }: WorkspaceQuestion,
  method: string,
  form: Readonly<Record<string, string>>,
): Promise<{ readonly answer: SlackAnswer; readonly scopes: readonly string[] }> {
  try {
    const response = await fetch(`${apiUrl}${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${botToken}` },
      body: new URLSearchParams(form),
      signal: AbortSignal.timeout(10_000),
    });
    const answer = parseAnswer(await response.text());
    const scopes = (response.headers.get('x-oauth-scopes') ?? '').split(',').map((scope) => scope.trim());
    if (answer) return { answer, scopes };
    throw new Error(`HTTP ${response.status} without JSON`);
  } catch (error) {
    const { message, cause } = error instanceof Error ? error : new Error(String(error));
    const reason = cause instanceof Error && cause.message !== '' ? cause.message : message;
    throw new WrongSlack(
      `Slack cannot be reached at ${apiUrl} (${reason}). Check the network, and SLACK_API_URL if it is set.`,
    );
  }
}

/** Undefined if the text is not a JSON object, for example an error page of a proxy. */
function parseAnswer(text: string): SlackAnswer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
