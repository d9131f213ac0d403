// Asks Slack, before anything is opened here, whether it takes the bot's token and whether the bot can be in the channel:
// what is wrong then is one line, and not a dead letter an hour later. `startWorkspace` calls it.
import { asText, isObject, tryParse, type JsonObject } from '../cloud/json.ts';
import { whereBotToken, WrongSlack } from './tokens.ts';

export interface Installed {
  /** The workspace's name, and its id. */
  readonly team: string;
  readonly teamId: string;
}

export interface WorkspaceQuestion {
  /** Slack's Web API, ending in a slash. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly channel: string;
}

export async function checkWorkspace(question: WorkspaceQuestion): Promise<Installed> {
  const installed = await ask(question, 'auth.test', {});
  if (installed['ok'] !== true)
    throw new WrongSlack(
      `Slack does not take SLACK_BOT_TOKEN (${asText(installed['error'])}): ${whereBotToken}`,
    );
  // The manifest's scopes let it look here, and at nothing that says more of a channel.
  const channel = await ask(question, 'conversations.history', { channel: question.channel, limit: '1' });
  if (channel['ok'] !== true) throw new WrongSlack(wrongChannel(question.channel, channel));
  return { team: asText(installed['team']), teamId: asText(installed['team_id']) };
}

function wrongChannel(channel: string, { error, needed }: JsonObject): string {
  if (error === 'channel_not_found')
    return `Slack knows no channel ${channel} that the app may see (channel_not_found). Give the id of yours, and into a private one invite the app first: npm start -- -c channel=C0123456789 -c approvers=U012AB3CD,U023BC4DE`;
  if (error === 'not_in_channel')
    return `The app is not in the channel ${channel} (not_in_channel). Type there: /invite @Countersign`;
  if (error === 'missing_scope')
    return `The app was installed without the scope ${asText(needed)} (missing_scope). Take manifest.yml over under App Manifest, and reinstall the app.`;
  return `Slack does not let the app into the channel ${channel} (${asText(error)}). Give another one: npm start -- -c channel=C0123456789`;
}

async function ask(
  { apiUrl, botToken }: WorkspaceQuestion,
  method: string,
  form: Readonly<Record<string, string>>,
): Promise<JsonObject> {
  try {
    const response = await fetch(`${apiUrl}${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${botToken}` },
      body: new URLSearchParams(form),
      signal: AbortSignal.timeout(10_000),
    });
    const answer = tryParse(await response.text());
    if (isObject(answer)) return answer;
    throw new Error(`HTTP ${response.status}, and no JSON`);
  } catch (error) {
    const { message, cause } = error instanceof Error ? error : new Error(String(error));
    const reason = cause instanceof Error && cause.message !== '' ? cause.message : message;
    throw new WrongSlack(
      `Slack cannot be reached at ${apiUrl} (${reason}). Look at the network, or at SLACK_API_URL if it is set.`,
    );
  }
}
