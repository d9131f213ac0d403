// SQS: standard queues with visibility timeouts and redrive, and their delivery to functions. Everything asynchronous
// goes through them: the interpreter, topics, rules and the API send; timers poll.
import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { processedMessages } from './batch-response.ts';
import { bytes, type JsonObject } from './json.ts';
import type { Outcome } from './lambda-messages.ts';
import type { Lambda } from './lambda.ts';
import type { Log } from './log.ts';
import { account, region } from './names.ts';
import type { EventSourceModel, QueueModel } from './readers.ts';
import type { Message, Queue } from './state.ts';
import type { Timers } from './timers.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const MAX_MESSAGE_BYTES = 1_048_576;

export interface Queues {
  /** Throws a RangeError if the body is larger than a message may be. */
  send(queue: QueueModel, body: string, delaySeconds?: number): Message;
  find(urlOrArnOrId: string): QueueModel | undefined;
  all(): readonly QueueModel[];
  messages(queue: QueueModel): readonly Message[];
  /** The handler of `queue_polled`. */
  poll(queueArn: string): void;
  /** Delivers the last delivered message once more: delivery is at least once. */
  redeliver(queue: QueueModel): void;
}

interface QueuesOptions {
  readonly models: readonly QueueModel[];
  readonly eventSources: readonly EventSourceModel[];
  readonly state: Record<string, Queue>;
  readonly lambda: Lambda;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}

export function createQueues({
  models,
  eventSources,
  state,
  lambda,
  clock,
  timers,
  log,
}: QueuesOptions): Queues {
  for (const { arn } of models) state[arn] ??= { messages: [] };
  const stateOf = ({ arn }: QueueModel) => (state[arn] ??= { messages: [] });
  const byArn = (arn: string) => models.find((model) => model.arn === arn);
  const pollAt = (due: number, { arn }: QueueModel) =>
    timers.add({ due, kind: 'queue_polled', subject: arn });

  function enqueue(queue: QueueModel, message: Message): void {
    stateOf(queue).messages.push(message);
    pollAt(message.visibleAt, queue);
  }

  function poll(arn: string): void {
    const queue = byArn(arn);
    const source = eventSources.find(({ queueArn }) => queueArn === arn);
    if (!queue || !source) return;
    for (let visible = visibleIn(queue); visible.length > 0; visible = visibleIn(queue)) {
      const waitUntil = (visible[0]?.visibleAt ?? 0) + source.windowSeconds * 1000;
      if (visible.length < source.batchSize && waitUntil > clock.now()) return pollAt(waitUntil, queue);
      const batch = visible.slice(0, source.batchSize).filter((message) => receive(queue, message));
      if (batch.length > 0) deliver(queue, source, batch);
    }
  }

  function visibleIn(queue: QueueModel): readonly Message[] {
    return stateOf(queue).messages.filter(({ visibleAt }) => visibleAt <= clock.now());
  }

  /** Whether the message is handed out; one received too often goes to the dead-letter queue instead. */
  function receive(queue: QueueModel, message: Message): boolean {
    message.receiveCount += 1;
    if (queue.redrive && message.receiveCount > queue.redrive.maxReceiveCount) {
      moveToDeadLetters(queue, queue.redrive.deadLetterArn, message);
      return false;
    }
    message.firstReceivedAt ??= clock.now();
    message.visibleAt = clock.now() + queue.visibilitySeconds * 1000;
    pollAt(message.visibleAt, queue);
    return true;
  }

  function moveToDeadLetters(queue: QueueModel, deadLetterArn: string, message: Message): void {
    remove(queue, [message.id]);
    log({ source: 'sqs', event: 'message_dead_lettered', queue: queue.name, message: message.id });
    const deadLetters = byArn(deadLetterArn);
    if (deadLetters)
      enqueue(deadLetters, { ...message, visibleAt: clock.now(), deadLetterSource: queue.arn });
  }

  function deliver(queue: QueueModel, source: EventSourceModel, batch: readonly Message[]): void {
    const last = batch.at(-1);
    if (last) stateOf(queue).lastDelivered = { ...last };
    const event = JSON.stringify({ Records: batch.map((message) => record(queue, message)) });
    timers.follow(settle(queue, source, batch, lambda.invoke(source.functionName, event)));
  }

  async function settle(
    queue: QueueModel,
    source: EventSourceModel,
    batch: readonly Message[],
    invoked: Promise<Outcome>,
  ): Promise<void> {
    const processed = processedMessages(await invoked, batch, source.reportsBatchItemFailures);
    remove(queue, processed);
    for (const { id } of batch.filter((message) => !processed.includes(message.id))) {
      log({ source: 'sqs', event: 'message_returned', queue: queue.name, message: id });
    }
  }

  function remove(queue: QueueModel, ids: readonly string[]): void {
    const own = stateOf(queue);
    own.messages = own.messages.filter(({ id }) => !ids.includes(id));
  }

  return {
    poll,
    all: () => models,
    find: (name) =>
      models.find(({ id, url, arn }) => name === id || name === arn || path(name) === path(url)),
    messages: (queue) => stateOf(queue).messages,
    send(queue, body, delaySeconds = queue.delaySeconds) {
      if (bytes(body) > MAX_MESSAGE_BYTES)
        throw new RangeError(`A message has at most ${MAX_MESSAGE_BYTES} bytes`);
      const sentAt = clock.now();
      const message = {
        id: randomUUID(),
        body,
        sentAt,
        visibleAt: sentAt + delaySeconds * 1000,
        receiveCount: 0,
      };
      enqueue(queue, message);
      log({ source: 'sqs', event: 'message_sent', queue: queue.name, message: message.id });
      return message;
    },
    redeliver(queue) {
      const { lastDelivered } = stateOf(queue);
      const source = eventSources.find(({ queueArn }) => queueArn === queue.arn);
      if (!lastDelivered || !source) throw new Error(`Nothing was delivered from queue ${queue.name} yet`);
      deliver(queue, source, [{ ...lastDelivered, receiveCount: lastDelivered.receiveCount + 1 }]);
    },
  };
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** A queue is found by the path of its URL, whichever name the caller has for this machine. */
function path(url: string): string {
  return url.replace(/^https?:\/\/[^/]+/, '');
}

function record({ arn }: QueueModel, message: Message): JsonObject {
  return {
    messageId: message.id,
    receiptHandle: randomUUID(),
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAt),
      SenderId: account,
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
      ...(message.deadLetterSource && { DeadLetterQueueSourceArn: message.deadLetterSource }),
    },
    messageAttributes: {},
    md5OfBody: md5(message.body),
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: region,
  };
}
