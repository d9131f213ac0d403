// Sends the bot each Socket Mode envelope as the signed request that Slack would send to a public address. The bot's
// answer becomes the acknowledgement. The connection of `startWorkspace` passes each envelope to this file.
// Format: https://docs.slack.dev/apis/events-api/using-socket-mode
import { asText, isObject, tryParse, type JsonObject } from '../cloud/core/json.ts';
import { isSuccess, type Sender, sendJson, sendRequest } from '../slack/events/send-request.ts';
import type { Answer } from '../slack/store/last-request.ts';
import type { LogEvent } from '../world.ts';

export interface Envelope {
  readonly type: string;
  readonly envelope_id: string;
  readonly body: JsonObject;
  readonly accepts_response_payload?: boolean;
  readonly ack: (payload?: JsonObject) => Promise<void>;
}

/** The payload of the acknowledgement, or undefined if there must be no acknowledgement. */
type Outcome = { readonly payload: JsonObject } | undefined;

/** Number of envelopes remembered; Slack repeats an event for some minutes. */
const MAX_REMEMBERED = 1000;

export function createEnvelopes(sender: Sender, log: (event: LogEvent) => void) {
  const outcomes = new Map<string, Promise<Outcome>>();

  /** Handles each envelope once, however often Slack sends it. After a failure, the next delivery is handled again. */
  function handleOnce(envelope: Envelope): Promise<Outcome> {
    const key = identityOf(envelope);
    const known = outcomes.get(key);
    if (known) {
      log({ source: 'slack', event: 'envelope_repeated', type: envelope.type });
      return known;
    }
    const outcome = pass(envelope).then((came) => {
      if (!came) outcomes.delete(key);
      return came;
    });
    outcomes.set(key, outcome);
    const [oldest] = outcomes.keys();
    if (outcomes.size > MAX_REMEMBERED && oldest !== undefined) outcomes.delete(oldest);
    return outcome;
  }

  async function pass({ type, body }: Envelope): Promise<Outcome> {
    const answer = await send(sender, type, body);
    if (answer && isSuccess(answer.status)) {
      log({ source: 'slack', event: 'envelope_answered', ...summaryOf(body), status: answer.status });
      return { payload: payloadOf(answer.body) };
    }
    // Without an acknowledgement, Slack shows the person an error, as when a public address fails.
    log({
      source: 'slack',
      event: 'envelope_failed',
      type,
      ...summaryOf(body),
      status: answer?.status ?? 'unknown type',
    });
    return undefined;
  }

  return async (envelope: Envelope): Promise<void> => {
    const outcome = await handleOnce(envelope);
    if (!outcome) return;
    try {
      await envelope.ack(envelope.accepts_response_payload ? outcome.payload : {});
    } catch (error) {
      // The bot has done the work, but the connection is gone. If Slack repeats the envelope, it gets the same answer.
      const reason = error instanceof Error ? error.message : String(error);
      log({ source: 'slack', event: 'acknowledgement_lost', type: envelope.type, reason });
    }
  };
}

/** The person and the action for the log, without any text that the person typed. */
function summaryOf({ command, user_id, user, actions, view, event }: JsonObject): object {
  const [action] = Array.isArray(actions) ? actions : [];
  const what = isObject(action)
    ? action['action_id']
    : (command ?? (isObject(view) ? view['callback_id'] : undefined));
  const person = isObject(user) ? user['id'] : (user_id ?? (isObject(event) ? event['user'] : undefined));
  return { what: what ?? (isObject(event) ? event['type'] : undefined), person };
}

/** A repeated event has a new envelope but the same event id: https://docs.slack.dev/apis/events-api#retries */
function identityOf({ envelope_id, body }: Envelope): string {
  const { event_id } = body;
  return typeof event_id === 'string' ? event_id : envelope_id;
}

async function send(sender: Sender, type: string, body: JsonObject): Promise<Answer | undefined> {
  if (type === 'events_api') return sendJson(sender, body);
  if (type === 'interactive') return sendRequest(sender, { payload: JSON.stringify(body) });
  if (type !== 'slash_commands') return undefined;
  const fields = Object.entries(body).map(([name, value]) => [name, asText(value)]);
  return sendRequest(sender, Object.fromEntries(fields));
}

/** Converts the bot's answer to a payload. Slack shows a plain text only to the person who acted, as over HTTP. */
function payloadOf(body: string): JsonObject {
  const read = tryParse(body);
  if (isObject(read)) return read;
  return body === '' ? {} : { text: body };
}
