// Presses a button of a message: sends a block_actions request, and shows a warning if the request fails.
// Called by `user-actions.ts`, for the page and for tests.
import { conversationOf } from '../store/conversations.ts';
import { actionObject, findButton } from '../blocks/find-button.ts';
import type { FoundButton, Which } from '../blocks/find-button.ts';
import type { Installation } from '../store/installation.ts';
import { app, team, userObject } from '../store/people.ts';
import type { Person } from '../store/people.ts';
import { mintResponseUrl } from '../api/response-url.ts';
import { failureOf, issueTrigger, sendRequest } from './send-request.ts';
import type { Answer } from '../store/last-request.ts';
import type { Message } from '../store/message.ts';
import { messageObject } from '../api/message-object.ts';

export async function pressButton(
  installation: Installation,
  person: Person,
  messageTs: string,
  actionId: string,
  which: Which,
): Promise<Answer> {
  const { workspace, log } = installation;
  // Includes the channels that the person has left, because tests can still act for the person there.
  const { id } = person;
  const seen = [...workspace.messages(), ...workspace.seenBy(id), ...workspace.directMessages(id)];
  const message = find(seen, messageTs);
  const pressed = findButton(message.blocks ?? [], `message ${messageTs}`, actionId, which);
  workspace.warn(messageTs, person.id, undefined);
  const payload = JSON.stringify(blockActions(installation, person, message, pressed));
  const answer = await sendRequest(installation, { payload });
  const failure = failureOf(answer);
  if (failure) workspace.warn(messageTs, person.id, failure);
  const { status, milliseconds } = answer;
  log({
    source: 'slack',
    event: 'button_answered',
    action: actionId,
    message: messageTs,
    person: person.id,
    status,
    milliseconds,
    ...(failure && { failure }),
  });
  return answer;
}

function find(messages: readonly Message[], ts: string): Message {
  const message = messages.find((each) => each.ts === ts);
  if (!message) throw new Error(`There is no message ${ts}`);
  return message;
}

// https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
function blockActions(
  installation: Installation,
  person: Person,
  message: Message,
  pressed: FoundButton,
): object {
  const { manifest, url, workspace } = installation;
  const ephemeral = message.onlyFor !== undefined;
  const action_ts = workspace.nextTs();
  return {
    type: 'block_actions',
    user: userObject(person),
    api_app_id: app.id,
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: ephemeral,
      ...(message.threadTs && { thread_ts: message.threadTs }),
    },
    trigger_id: issueTrigger(installation, person.id),
    // The team in which the app is installed, whatever the person's team:
    // https://github.com/slackapi/java-slack-sdk/issues/1041
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: message.channel, name: conversationOf(installation, message.channel)?.name },
    // Slack does not store ephemeral messages, so it cannot send them.
    ...(!ephemeral && { message: messageObject(message, manifest.botName) }),
    state: { values: {} },
    response_url: `${url}/response/${mintResponseUrl(installation, person.id, message.channel, message)}`,
    actions: [actionObject(pressed, action_ts)],
  };
}
