// Runs a slash command: sends it to the app, and shows the app's answer or Slack's error.
// Called by `user-actions.ts` if the person's text starts with a slash.
import { contentOf, readAppMessage } from '../api/app-message.ts';
import type { Arguments, Refused } from '../api/arguments.ts';
import { parseJson } from '../server/http.ts';
import type { Channel } from '../store/channels.ts';
import type { Installation } from '../store/installation.ts';
import { type Command, commandsFor } from '../store/manifest.ts';
import { app, slackbot, team, userNameOf } from '../store/people.ts';
import type { Person } from '../store/people.ts';
import { mintResponseUrl, originalIs } from '../api/response-url.ts';
import { failureOf, issueTrigger, nothingSent, sendRequest } from './send-request.ts';
import type { Answer } from '../store/last-request.ts';
import { isRecord } from '../blocks/validators.ts';

/** A command as a person typed it, and the channel in which they did. */
interface TypedCommand {
  readonly person: Person;
  readonly line: string;
  readonly channel: Channel;
}

export async function runCommand(
  installation: Installation,
  typed: TypedCommand,
  threadTs: string | undefined,
): Promise<Answer> {
  const { person, line, channel } = typed;
  const [command = ''] = line.trim().split(/\s/);
  const refusal = refusalOf(commandsFor(installation.manifest, person), command, threadTs);
  if (refusal) {
    slackbotSays(installation, typed, refusal, threadTs);
    return nothingSent;
  }
  const urlId = mintResponseUrl(installation, person.id, channel.id);
  const answer = await sendRequest(installation, form(installation, typed, urlId));
  const failure = failureOf(answer) ?? showAnswer(installation, typed, urlId, answer.body);
  if (failure) slackbotSays(installation, typed, `${command} failed with the error "${failure}"`);
  const { status, milliseconds } = answer;
  installation.log({
    source: 'slack',
    event: 'command_answered',
    command,
    person: person.id,
    channel: channel.id,
    status,
    milliseconds,
    ...(failure && { failure }),
  });
  return answer;
}

function slackbotSays(
  { workspace }: Installation,
  { person, channel }: TypedCommand,
  text: string,
  threadTs?: string,
): void {
  const thread = threadTs && { threadTs };
  workspace.add({ bot: slackbot, channel: channel.id, text, onlyFor: person.id, ...thread });
}

function refusalOf(
  commands: readonly Command[],
  command: string,
  threadTs: string | undefined,
): string | undefined {
  if (!commands.some(({ name }) => name === command)) return `${command} is not a valid command.`;
  // Slack does not run an app's commands in threads: https://docs.slack.dev/interactivity/implementing-slash-commands
  if (threadTs) return `${command} is not supported in threads. Sorry!`;
  return undefined;
}

// https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling
function form(
  installation: Installation,
  { person, line, channel }: TypedCommand,
  urlId: string,
): Readonly<Record<string, string>> {
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
    response_url: `${installation.url}/response/${urlId}`,
    trigger_id: issueTrigger(installation, person.id),
  };
}

/** Shows the app's answer, if there is one; returns an error code for an answer that cannot be shown. */
function showAnswer(
  installation: Installation,
  { person, line, channel }: TypedCommand,
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
  if (inChannel) workspace.add({ user: person.id, channel: channel.id, text: line.trim() });
  const shown = workspace.add({
    bot: manifest.botName,
    channel: channel.id,
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
