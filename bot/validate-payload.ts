// Checks that a payload has the fields that Bolt and the listeners read without checking. The receiver calls it, and
// refuses invalid payloads. This file uses no schema library, because a larger bundle slows every cold start.
import type { ReceiverEvent } from '@slack/bolt';

/** Whether an address belongs to Slack. */
type IsSlackAddress = (address: string) => boolean;

type Body = ReceiverEvent['body'];
type Fields = Readonly<Record<string, unknown>>;

/** Whether this is a slash command, an event, a button press or a modal submission, with the fields that are read. */
export function isValidPayload(body: Body, isSlack: IsSlackAddress): boolean {
  if (typeof body['command'] === 'string')
    return strings(body, 'user_id', 'text', 'trigger_id') && hasAddress(body, isSlack);
  if (body['type'] === 'event_callback')
    return isFields(body['event']) && strings(body['event'], 'type', 'user');
  if (!isFields(body['user']) || !strings(body['user'], 'id')) return false;
  if (!(body['team'] === undefined || body['team'] === null || isFields(body['team']))) return false;
  if (body['type'] === 'block_actions') return isPress(body, isSlack);
  return body['type'] === 'view_submission' && strings(body, 'trigger_id') && isSubmission(body['view']);
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
function isPress(body: Body, isSlack: IsSlackAddress): boolean {
  const { actions, message } = body;
  const [action] = Array.isArray(actions) ? actions : [];
  const hasAction = isFields(action) && strings(action, 'type', 'action_id', 'block_id', 'action_ts');
  // A press in Home has a view instead of a response URL.
  const answerable = body['response_url'] === undefined ? isFields(body['view']) : hasAddress(body, isSlack);
  return (
    hasAction && answerable && strings(body, 'trigger_id') && (message === undefined || isFields(message))
  );
}

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
function isSubmission(view: unknown): boolean {
  if (!isFields(view) || !strings(view, 'id', 'type', 'callback_id', 'private_metadata')) return false;
  const { state, blocks } = view;
  if (!isFields(state) || !isFields(state['values']) || !Array.isArray(blocks)) return false;
  const fields = Object.values(state['values']).flatMap((block) =>
    isFields(block) ? Object.values(block) : [block],
  );
  return fields.every(isFields) && blocks.every(isFields);
}

function hasAddress({ response_url: address }: Body, isSlack: IsSlackAddress): boolean {
  return typeof address === 'string' && isSlack(address);
}

function strings(fields: Fields, ...names: readonly string[]): boolean {
  return names.every((name) => typeof fields[name] === 'string');
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
