// SQS: standard queues with visibility timeouts and redrive. Task states, topics, rules and the API send messages to
// queues, and `event-sources.ts` receives them.
import { createHash, randomUUID } from 'node:crypto';
import type { CloudContext } from '../../core/context.ts';
import { asText, bytes, objectAt, type JsonObject } from '../../core/json.ts';
import { AwsError } from '../../core/operations.ts';
import type { QueueModel } from '../../template/resource-readers.ts';
import type { Message } from '../../core/state.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MAX_MESSAGE_BYTES = 1_048_576;
const MAX_DELAY_SECONDS = 900;

interface HowToSend {
  readonly delaySeconds?: number;
  readonly attributes?: JsonObject;
  readonly traceHeader?: string | undefined;
}

export interface Queues {
  /** Returns the message's id. Throws the AWS error if there is no such queue, or for a wrong body, size or delay. */
  send(queue: string, body: string, how?: HowToSend): string;
  /** Finds a queue by name, URL, ARN or logical id. Throws the AWS error if there is none. */
  named(queue: string): QueueModel;
  messages(queue: QueueModel): readonly Message[];
  /**
   * Returns up to `most` visible messages, oldest first, and hides them for the visibility timeout. Moves messages that
   * were received too often to the dead-letter queue.
   */
  receive(queue: QueueModel, most: number): readonly Message[];
  remove(queue: QueueModel, messages: readonly string[]): void;
  /** Sends every dead letter of a queue back to the queue it came from. */
  redrive(deadLetters: string): void;
}

export function createQueues({ model, state, clock, timers, log }: CloudContext): Queues {
  const stateOf = ({ arn }: QueueModel) => (state.queues[arn] ??= { messages: [] });

  /** Compares only the last part of a URL or ARN, which is the name, because a URL may have any host. */
  function named(queue: string): QueueModel {
    const last = queue.split(/[/:]/).at(-1);
    const found = model.queues.find(({ id, name }) => id === last || name === last);
    if (found) return found;
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  }

  function put(
    queue: QueueModel,
    body: string,
    { delaySeconds = 0, attributes = {}, traceHeader }: HowToSend,
  ): string {
    const [id, sentAt] = [randomUUID(), clock.now()];
    enqueue(queue, {
      id,
      body,
      attributes,
      traceHeader,
      sentAt,
      visibleAt: sentAt + delaySeconds * 1000,
      receiveCount: 0,
    });
    return id;
  }

  function enqueue(queue: QueueModel, message: Message): void {
    stateOf(queue).messages.push(message);
    timers.add({ due: message.visibleAt, kind: 'queue_polled', subject: queue.arn });
  }

  /** Counts a receive; after too many, moves the message to the dead-letter queue and returns false. */
  function receiveOne(queue: QueueModel, message: Message): boolean {
    remove(queue, [message.id]);
    message.receiveCount += 1;
    message.firstReceivedAt ??= clock.now();
    if (queue.redrive && message.receiveCount > queue.redrive.maxReceiveCount) {
      log({ source: 'sqs', event: 'message_dead_lettered', queue: queue.name, message: message.id });
      message.deadLetterOf = queue.arn;
      enqueue(named(queue.redrive.deadLetterTargetArn), message);
      return false;
    }
    message.visibleAt = clock.now() + queue.visibilitySeconds * 1000;
    enqueue(queue, message);
    return true;
  }

  function remove(queue: QueueModel, ids: readonly string[]): void {
    const own = stateOf(queue);
    own.messages = own.messages.filter(({ id }) => !ids.includes(id));
  }

  return {
    named,
    remove,
    messages: (queue) => stateOf(queue).messages,
    receive(queue, most) {
      const received: Message[] = [];
      for (const message of stateOf(queue).messages) {
        if (received.length === most) break;
        if (message.visibleAt <= clock.now() && receiveOne(queue, message)) received.push(message);
      }
      return received;
    },
    send(name, body, how = {}) {
      const { delaySeconds = 0, attributes = {} } = how;
      const queue = named(name);
      if (body === '')
        throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
      if (sizeOf(body, attributes) > MAX_MESSAGE_BYTES)
        throw new AwsError(
          'InvalidParameterValue',
          `One or more parameters are invalid. Reason: Message must be shorter than ${MAX_MESSAGE_BYTES} bytes.`,
        );
      if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > MAX_DELAY_SECONDS)
        throw new AwsError(
          'InvalidParameterValue',
          `Value ${delaySeconds} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= ${MAX_DELAY_SECONDS}.`,
        );
      const id = put(queue, body, how);
      log({ source: 'sqs', event: 'message_sent', queue: queue.name, message: id });
      return id;
    },
    redrive(name) {
      const from = named(name);
      const isDeadLetterQueue = model.queues.some(
        ({ redrive }) => redrive && redrive.deadLetterTargetArn === from.arn,
      );
      if (!isDeadLetterQueue)
        throw new AwsError(
          'InvalidParameterValue',
          'Source queue must be configured as a Dead Letter Queue.',
        );
      for (const { id, body, attributes, traceHeader, deadLetterOf } of stateOf(from).messages) {
        if (deadLetterOf === undefined) continue;
        remove(from, [id]);
        put(named(deadLetterOf), body, { attributes, traceHeader });
      }
    },
  };
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
export function md5OfAttributes(attributes: JsonObject): string {
  const hash = createHash('md5');
  for (const { name, type, value } of listed(attributes)) {
    for (const text of [name, type]) hash.update(lengthOf(text)).update(text);
    // The byte 1 says that the value is a string.
    hash.update(Buffer.of(1)).update(lengthOf(value)).update(value);
  }
  return hash.digest('hex');
}

/** The length of a text in bytes, as a number of 32 bits. */
function lengthOf(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes(text));
  return length;
}

function sizeOf(body: string, attributes: JsonObject): number {
  const all = listed(attributes).flatMap(({ name, type, value }) => [name, type, value]);
  return bytes(body) + bytes(all.join(''));
}

/** The attributes of a message, sorted by name. */
export function listed(attributes: JsonObject) {
  const names = Object.keys(attributes).toSorted();
  return names.map((name) => {
    const { DataType, StringValue } = objectAt(attributes, name);
    return { name, type: asText(DataType ?? ''), value: asText(StringValue ?? '') };
  });
}
