// Asks Slack whether it takes the bot's token, and whether the bot is in the channel: what is wrong then is one line, and not
// a dead letter an hour later. `startWorkspace` asks before anything is opened here, and so does setup.
import { whereBotToken, WrongSlack } from './tokens.ts';

export interface Installed {
  /** The workspace's name, and its id. */
  readonly team: string;
  readonly teamId: string;
  /** That the app was granted. */
  readonly scopes: readonly string[];
}

export interface WorkspaceQuestion {
  /** Slack's Web API, ending in a slash. */
  readonly apiUrl: string;
  readonly botToken: string;
}

export async function askToken(question: WorkspaceQuestion): Promise<Installed> {
  const { answer, scopes } = await ask(question, 'auth.test', {});
  if (answer.ok === true) return { team: String(answer.team), teamId: String(answer.team_id), scopes };
  throw new WrongSlack(`Slack does not take SLACK_BOT_TOKEN (${String(answer.error)}): ${whereBotToken}`);
}

/** The manifest's scopes let the app look here, and at nothing that says more of a channel. */
export async function askChannel(question: WorkspaceQuestion, channel: string): Promise<void> {
  const { answer } = await ask(question, 'conversations.history', { channel, limit: '1' });
  if (answer.ok !== true) throw new WrongSlack(wrongChannel(channel, answer));
}

function wrongChannel(channel: string, { error, needed }: SlackAnswer): string {
  if (error === 'channel_not_found')
    return `Slack knows no channel ${channel} that the app may see (channel_not_found). Its id stands at the bottom of its details, such as C0123456789; into a private one invite the app first.`;
  if (error === 'not_in_channel')
    return `The app is not in the channel ${channel} (not_in_channel). Type there: /invite @Countersign`;
  if (error === 'missing_scope')
    return `The app was installed without the scope ${String(needed)} (missing_scope). Take manifest.yml over under App Manifest, and reinstall the app.`;
  return `Slack does not let the app into the channel ${channel} (${String(error)}). Bring it back, or take another.`;
}

/** The members of Slack's answers that are read here. */
interface SlackAnswer {
  readonly ok?: unknown;
  readonly error?: unknown;
  readonly needed?: unknown;
  readonly team?: unknown;
  readonly team_id?: unknown;
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
    throw new Error(`HTTP ${response.status}, and no JSON`);
  } catch (error) {
    const { message, cause } = error instanceof Error ? error : new Error(String(error));
    const reason = cause instanceof Error && cause.message !== '' ? cause.message : message;
    throw new WrongSlack(
      `Slack cannot be reached at ${apiUrl} (${reason}). Look at the network, or at SLACK_API_URL if it is set.`,
    );
  }
}

/** Undefined if the text is not a JSON object: a proxy's page, for example. */
function parseAnswer(text: string): SlackAnswer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
