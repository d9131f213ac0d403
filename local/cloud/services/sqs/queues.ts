// SQS: standard queues with visibility timeouts, redrive, and delivery to functions. Task states, topics, rules and the
// API send messages to queues; timers poll the queues.
import { createHash, randomUUID } from 'node:crypto';
import type { CloudContext } from '../../core/context.ts';
import { asText, bytes, isList, isObject, objectAt, tryParse, type JsonObject } from '../../core/json.ts';
import type { Outcome } from '../lambda/worker-messages.ts';
import { batchHeader } from '../lambda/lineage.ts';
import type { Lambda } from '../lambda/functions.ts';
import { AwsError } from '../../core/operations.ts';
import type { EventSourceModel, QueueModel } from '../../template/resource-readers.ts';
import { account, region } from '../../template/resource-types.ts';
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
  /** Delivers visible messages to the queue's function, if there is one. Called when a `queue_polled` timer is due. */
  poll(queueArn: string): void;
  /** Sends every dead letter of a queue back to the queue it came from. */
  redrive(deadLetters: string): void;
  /** Delivers the last delivered message again, as SQS may, because it delivers at least once. */
  redeliver(queue: string): void;
}

export function createQueues({ model, state, clock, timers, log }: CloudContext, lambda: Lambda): Queues {
  const stateOf = ({ arn }: QueueModel) => (state.queues[arn] ??= { messages: [] });
  const sourceOf = ({ arn }: QueueModel) => model.eventSources.find(({ queueArn }) => queueArn === arn);

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

  function poll(arn: string): void {
    const queue = named(arn);
    const source = sourceOf(queue);
    if (!source) return;
    for (let visible = visibleIn(queue); visible.length > 0; visible = visibleIn(queue)) {
      const batch = visible.slice(0, source.batchSize).filter((message) => receive(queue, message));
      if (batch.length > 0) deliver(queue, source, batch);
    }
  }

  function visibleIn(queue: QueueModel): readonly Message[] {
    return stateOf(queue).messages.filter(({ visibleAt }) => visibleAt <= clock.now());
  }

  /** Counts a receive; after too many, moves the message to the dead-letter queue and returns false. */
  function receive(queue: QueueModel, message: Message): boolean {
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

  function deliver(queue: QueueModel, source: EventSourceModel, batch: readonly Message[]): void {
    const last = batch.at(-1);
    if (last) stateOf(queue).lastDelivered = { ...last };
    const event = JSON.stringify({ Records: batch.map((message) => record(queue, message)) });
    const traceHeader = batchHeader(batch.map((message) => message.traceHeader));
    try {
      timers.follow(settle(queue, batch, lambda.invoke(source.functionName, event, { traceHeader })));
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'RecursiveInvocationException') throw error;
      // The mapping does not delete the messages, so the queue delivers them again until they are dead letters.
      for (const { id } of batch) reportReturned(queue, id);
    }
  }

  function reportReturned(queue: QueueModel, message: string): void {
    log({ source: 'sqs', event: 'message_returned', queue: queue.name, message });
  }

  async function settle(
    queue: QueueModel,
    batch: readonly Message[],
    invoked: Promise<Outcome>,
  ): Promise<void> {
    const processed = processedMessages(await invoked, batch);
    remove(queue, processed);
    for (const { id } of batch.filter((message) => !processed.includes(message.id)))
      reportReturned(queue, id);
  }

  function remove(queue: QueueModel, ids: readonly string[]): void {
    const own = stateOf(queue);
    own.messages = own.messages.filter(({ id }) => !ids.includes(id));
  }

  return {
    named,
    poll,
    messages: (queue) => stateOf(queue).messages,
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
    redeliver(name) {
      const queue = named(name);
      const { lastDelivered } = stateOf(queue);
      const source = sourceOf(queue);
      if (!lastDelivered || !source) throw new Error(`Nothing was delivered from queue ${queue.name} yet`);
      deliver(queue, source, [{ ...lastDelivered, receiveCount: lastDelivered.receiveCount + 1 }]);
    },
  };
}

/**
 * Returns the ids of the messages that the function processed, according to its answer. A malformed answer fails the
 * whole batch: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function processedMessages(outcome: Outcome, batch: readonly Message[]): readonly string[] {
  if (!outcome.ok) return [];
  const all = batch.map(({ id }) => id);
  const answer = tryParse(outcome.payload);
  if (answer === null) return all;
  const failures = isObject(answer) ? (answer['batchItemFailures'] ?? []) : undefined;
  if (!isList(failures)) return [];
  const failed = failures.map((failure) => (isObject(failure) ? failure['itemIdentifier'] : undefined));
  const isKnown = failed.every((id) => typeof id === 'string' && all.includes(id));
  return isKnown ? all.filter((id) => !failed.includes(id)) : [];
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
function listed(attributes: JsonObject) {
  const names = Object.keys(attributes).toSorted();
  return names.map((name) => {
    const { DataType, StringValue } = objectAt(attributes, name);
    return { name, type: asText(DataType ?? ''), value: asText(StringValue ?? '') };
  });
}

function record({ arn }: QueueModel, message: Message): JsonObject {
  const attributes = listed(message.attributes);
  return {
    messageId: message.id,
    receiptHandle: randomUUID(),
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAt),
      SenderId: account,
      ...(message.traceHeader && { AWSTraceHeader: message.traceHeader }),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    },
    messageAttributes: Object.fromEntries(
      attributes.map(({ name, type, value }) => [
        name,
        { stringValue: value, stringListValues: [], binaryListValues: [], dataType: type },
      ]),
    ),
    ...(attributes.length > 0 && { md5OfMessageAttributes: md5OfAttributes(message.attributes) }),
    md5OfBody: md5(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: region,
  };
}
