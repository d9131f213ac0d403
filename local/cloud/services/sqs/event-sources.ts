// Event source mappings: receive batches of messages from queues and invoke functions with them. A queue is polled when
// a timer is due, and after each invocation.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
import { randomUUID } from 'node:crypto';
import type { CloudContext } from '../../core/context.ts';
import { isList, isObject, tryParse, type JsonObject } from '../../core/json.ts';
import type { Message } from '../../core/state.ts';
import { AwsError } from '../../core/operations.ts';
import type { EventSourceModel, QueueModel } from '../../template/resource-readers.ts';
import { account, region } from '../../template/resource-types.ts';
import type { Lambda } from '../lambda/functions.ts';
import { batchHeader } from '../lambda/lineage.ts';
import type { Outcome } from '../lambda/worker-messages.ts';
import { listed, md5, md5OfAttributes, type Queues } from './queues.ts';

/** Lambda refuses an invocation with one of these errors. The messages stay in the queue, and the receive counts. */
const REFUSALS = ['RecursiveInvocationException', 'TooManyRequestsException'];

export interface EventSources {
  /** Delivers visible messages to the queue's function, if there is one. Called when a `queue_polled` timer is due. */
  poll(queueArn: string): void;
  /** Delivers the last delivered message again, as SQS may, because it delivers at least once. */
  redeliver(queue: string): void;
}

export function createEventSources(
  { model, state, timers, log }: CloudContext,
  queues: Queues,
  lambda: Lambda,
): EventSources {
  /** Number of running invocations, by the ARN of the queue. */
  const running = new Map<string, number>();
  const runningOf = (arn: string) => running.get(arn) ?? 0;
  const sourceOf = ({ arn }: QueueModel) => model.eventSources.find(({ queueArn }) => queueArn === arn);

  function poll(arn: string): void {
    const queue = queues.named(arn);
    const source = sourceOf(queue);
    if (!source) return;
    while (runningOf(arn) < source.maxConcurrency) {
      const batch = queues.receive(queue, source.batchSize);
      if (batch.length === 0) return;
      deliver(queue, source, batch);
    }
  }

  function deliver(queue: QueueModel, source: EventSourceModel, batch: readonly Message[]): void {
    const last = batch.at(-1);
    const own = state.queues[queue.arn];
    if (last && own) own.lastDelivered = { ...last };
    const event = JSON.stringify({ Records: batch.map((message) => record(queue, message)) });
    const traceHeader = batchHeader(batch.map((message) => message.traceHeader));
    try {
      timers.follow(settle(queue, batch, lambda.invoke(source.functionName, event, { traceHeader })));
    } catch (error) {
      if (!(error instanceof AwsError) || !REFUSALS.includes(error.code)) throw error;
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
    running.set(queue.arn, runningOf(queue.arn) + 1);
    const processed = processedMessages(await invoked, batch);
    running.set(queue.arn, runningOf(queue.arn) - 1);
    queues.remove(queue, processed);
    for (const { id } of batch.filter((message) => !processed.includes(message.id)))
      reportReturned(queue, id);
    poll(queue.arn);
  }

  return {
    poll,
    redeliver(name) {
      const queue = queues.named(name);
      const last = state.queues[queue.arn]?.lastDelivered;
      const source = sourceOf(queue);
      if (!last || !source) throw new Error(`Nothing was delivered from queue ${queue.name} yet`);
      deliver(queue, source, [{ ...last, receiveCount: last.receiveCount + 1 }]);
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
