// What pressing a button does: a block_actions request for the message as it stands now, and a warning if it fails.
// Called by `slack.ts`, for the page and for tests alike.
import type { Button } from './blocks.ts';
import { buttonsOf } from './blocks.ts';
import { whereIs } from './conversations.ts';
import type { Installation } from './installation.ts';
import { app, team, userObject } from './people.ts';
import type { Person } from './people.ts';
import { mintResponseUrl } from './response-url.ts';
import { failureOf, issueTrigger, sendRequest } from './send-request.ts';
import type { Answer } from './send-request.ts';
import type { Message } from './state.ts';
import { messageObject } from './message-object.ts';

interface Press {
  readonly message: Message;
  readonly blockId: string;
  readonly button: Button;
}

export async function pressButton(
  installation: Installation,
  person: Person,
  messageTs: string,
  actionId: string,
): Promise<Answer> {
  const { workspace, log } = installation;
  const seen = [...workspace.seenBy(person.id), ...workspace.directMessages(person.id)];
  const press = find(seen, messageTs, actionId);
  workspace.warn(messageTs, person.id, undefined);
  const payload = JSON.stringify(blockActions(installation, person, press));
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

function find(messages: readonly Message[], ts: string, actionId: string): Press {
  const message = messages.find((each) => each.ts === ts);
  if (!message) throw new Error(`There is no message ${ts}`);
  for (const block of message.blocks ?? []) {
    const button = buttonsOf(block).find((each) => each.action_id === actionId);
    if (button) return { message, blockId: block.block_id ?? '', button };
  }
  throw new Error(`The message ${ts} bears no button ${actionId}`);
}

// https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
function blockActions(installation: Installation, person: Person, press: Press): object {
  const { manifest, url, workspace } = installation;
  const { message } = press;
  const { id, name } = whereIs(installation, message);
  const ephemeral = message.onlyFor !== undefined;
  const action_ts = workspace.nextTs();
  return {
    type: 'block_actions',
    user: userObject(person),
    api_app_id: app.id,
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: id,
      is_ephemeral: ephemeral,
      ...(message.threadTs && { thread_ts: message.threadTs }),
    },
    trigger_id: issueTrigger(installation, person.id),
    // Where the app is installed, wherever the person is from: https://github.com/slackapi/java-slack-sdk/issues/1041
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id, name },
    // An ephemeral message is kept nowhere, so Slack cannot send it along.
    ...(!ephemeral && { message: messageObject(message, manifest.botName) }),
    state: { values: {} },
    response_url: `${url}/response/${mintResponseUrl(installation, person.id, message)}`,
    actions: [action(press, action_ts)],
  };
}

function action({ blockId, button }: Press, action_ts: string): object {
  const { action_id, text, value, style } = button;
  return {
    action_id,
    block_id: blockId,
    text,
    ...(value !== undefined && { value }),
    ...(style && { style }),
    type: 'button',
    action_ts,
  };
}
