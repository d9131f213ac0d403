// Runs a slash command: sends it to the app, and shows the app's answer or Slack's error.
// Called by `user-actions.ts` if the person's text starts with a slash.
import { contentOf, readAppMessage } from '../api/app-message.ts';
import type { Arguments, Refused } from '../api/arguments.ts';
import { parseJson } from '../server/http.ts';
import type { Installation } from '../store/installation.ts';
import { app, slackbot, team, userNameOf } from '../store/people.ts';
import type { Person } from '../store/people.ts';
import { mintResponseUrl, originalIs } from '../api/response-url.ts';
import { failureOf, issueTrigger, nothingSent, sendRequest } from './send-request.ts';
import type { Answer } from '../store/last-request.ts';
import { isRecord } from '../blocks/validators.ts';

export async function runCommand(
  installation: Installation,
  person: Person,
  line: string,
  threadTs: string | undefined,
): Promise<Answer> {
  const [command = ''] = line.trim().split(/\s/);
  const refusal = refusalOf(commandsFor(installation, person), command, threadTs);
  if (refusal) {
    slackbotSays(installation, person, refusal, threadTs);
    return nothingSent;
  }
  const urlId = mintResponseUrl(installation, person.id);
  const answer = await sendRequest(installation, form(installation, person, line, urlId));
  const failure = failureOf(answer) ?? showAnswer(installation, person, line, urlId, answer.body);
  if (failure) slackbotSays(installation, person, `${command} failed with the error "${failure}"`);
  const { status, milliseconds } = answer;
  installation.log({
    source: 'slack',
    event: 'command_answered',
    command,
    person: person.id,
    status,
    milliseconds,
    ...(failure && { failure }),
  });
  return answer;
}

function slackbotSays({ workspace }: Installation, { id }: Person, text: string, threadTs?: string): void {
  workspace.add({ bot: slackbot, text, onlyFor: id, ...(threadTs && { threadTs }) });
}

/** People of other workspaces cannot run the app's commands: https://github.com/slackapi/bolt-python/issues/767 */
function commandsFor({ manifest }: Installation, person: Person): readonly string[] {
  return person.team.id === team.id ? manifest.commands : [];
}

function refusalOf(
  commands: readonly string[],
  command: string,
  threadTs: string | undefined,
): string | undefined {
  if (!commands.includes(command)) return `${command} is not a valid command.`;
  // Slack does not run an app's commands in threads: https://docs.slack.dev/interactivity/implementing-slash-commands
  if (threadTs) return `${command} is not supported in threads. Sorry!`;
  return undefined;
}

// https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling
function form(
  installation: Installation,
  person: Person,
  line: string,
  urlId: string,
): Readonly<Record<string, string>> {
  const { channel, url } = installation;
  const [command = ''] = line.trim().split(/\s/);
  return {
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: channel.name,
    user_id: person.id,
    user_name: userNameOf(person),
    command,
    text: line.trim().slice(command.length).trim(),
    api_app_id: app.id,
    is_enterprise_install: 'false',
    response_url: `${url}/response/${urlId}`,
    trigger_id: issueTrigger(installation, person.id),
  };
}

/** Shows the app's answer, if there is one; returns an error code for an answer that cannot be shown. */
function showAnswer(
  installation: Installation,
  person: Person,
  line: string,
  urlId: string,
  body: string,
): string | undefined {
  if (body.trim() === '') return undefined;
  const answer = parseBody(body);
  if ('error' in answer) {
    installation.log({ source: 'slack', event: 'answer_refused', ...answer });
    return 'invalid_command_response';
  }
  const { workspace, manifest } = installation;
  const inChannel = answer.response_type === 'in_channel';
  // In the channel, Slack also shows the command: https://docs.slack.dev/interactivity/implementing-slash-commands
  if (inChannel) workspace.add({ user: person.id, text: line.trim() });
  const shown = workspace.add({
    bot: manifest.botName,
    ...contentOf(answer),
    ...(!inChannel && { onlyFor: person.id }),
  });
  originalIs(installation, urlId, shown.ts);
  return undefined;
}

function parseBody(body: string): Arguments | Refused {
  const parsed = parseJson(body);
  // A body that is not a JSON object is shown as text, even valid JSON such as "10".
  return readAppMessage(isRecord(parsed) ? parsed : { text: body });
}
