// A message of a queue: its body, and the attributes that it keeps when it is requeued. `queue-handler.ts` reads
// messages, and `requeue.ts` writes them.
import type { SQSRecord } from 'aws-lambda';

export interface QueueMessage {
  readonly body: string;
  /** When the message was first sent, in milliseconds since the epoch. Requeuing does not change it. */
  readonly firstSentAt: number;
  /** Rate limit name → time at which the message may call Slack, in milliseconds since the epoch. */
  readonly reservations: Readonly<Record<string, number>>;
}

const FIRST_SENT_AT = 'firstSentAt';
const SLOT = 'slot-';

export type ReceivedRecord = Pick<SQSRecord, 'messageId' | 'body' | 'attributes' | 'messageAttributes'>;

export function readMessage({ body, attributes, messageAttributes }: ReceivedRecord): QueueMessage {
  const { stringValue = attributes.SentTimestamp } = messageAttributes[FIRST_SENT_AT] ?? {};
  const slots = Object.entries(messageAttributes).filter(([name]) => name.startsWith(SLOT));
  const reservations = Object.fromEntries(
    slots.map(([name, slot]) => [name.slice(SLOT.length), Number(slot.stringValue)]),
  );
  return { body, firstSentAt: Number(stringValue), reservations };
}

/** The SQS message attributes of a requeued message, by name. */
export function attributesOf({ firstSentAt, reservations }: QueueMessage): Readonly<Record<string, number>> {
  const slots = Object.entries(reservations).map(([limit, at]) => [`${SLOT}${limit}`, at] as const);
  return { [FIRST_SENT_AT]: firstSentAt, ...Object.fromEntries(slots) };
}

/**
 * Name of the first execution that a message names, for the log. It reads the text, because each queue has messages of
 * another shape, and a message that fails may have none.
 */
export function executionOf({ body }: Pick<QueueMessage, 'body'>): { readonly execution?: string } {
  const [, execution] = /:execution:[^":\\]+:([^":\\\s]+)/.exec(body) ?? [];
  return execution ? { execution } : {};
}
