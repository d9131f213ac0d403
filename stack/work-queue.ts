// An SQS queue for one function, with a dead-letter queue. Every function that is invoked asynchronously has one.
import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { BundledFunction } from './bundled-function.ts';

/**
 * While Lambda throttles the function, messages that Lambda's poller receives are not handled, but their receives
 * count:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-backoff-strategy
 * Throttles of up to this length leave no dead letters.
 */
const MAX_THROTTLE_SECONDS = 15 * 60;

/**
 * The smallest that Lambda allows. Slack accepts one message a second in a channel, so more batches at once would only
 * use up the account's concurrency: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const MAX_CONCURRENCY = 2;

/** Maximum delay of a requeued message: `functions/requeue.ts`. */
const MAX_DELAY_SECONDS = 900;

export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  /** Even if every attempt fails, a message is a dead letter at this age. Requeueing sends a new message. */
  readonly maxAgeSeconds: number;

  /** @param options if `requeues` is true, the worker may send messages back to the queue */
  constructor(
    scope: Construct,
    id: string,
    worker: BundledFunction,
    { requeues }: { readonly requeues: boolean } = { requeues: true },
  ) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    // AWS recommends six times the function's timeout:
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    const visibleAfterSeconds = worker.timeoutSeconds * 6;
    const maxReceiveCount = maxReceives(visibleAfterSeconds);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
      visibilityTimeout: Duration.seconds(visibleAfterSeconds),
    });
    this.maxAgeSeconds = (requeues ? MAX_DELAY_SECONDS : 0) + maxReceiveCount * visibleAfterSeconds;
    this.deliverTo(worker, requeues);
  }

  private deliverTo(worker: BundledFunction, requeues: boolean): void {
    // Lambda's poller makes these calls with the function's role:
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    worker.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], this.queue.queueArn);
    if (requeues) {
      worker.setVariable('QUEUE_URL', this.queue.queueUrl);
      worker.allow(['sqs:SendMessage'], this.queue.queueArn);
      // `functions/retry-message.ts` ends the loop after twelve hours.
      worker.allowRecursiveLoop();
    }
    new EventSourceMapping(this, 'Delivery', {
      target: worker,
      eventSourceArn: this.queue.queueArn,
      batchSize: 5,
      maxConcurrency: MAX_CONCURRENCY,
      reportBatchItemFailures: true,
    });
  }
}

/**
 * The poller may not change the visibility of a message, so a throttle costs one receive at its start and one for each
 * visibility timeout. Two more receives are needed: one in which the handler runs out of time before it reaches the
 * message, and one that handles it.
 */
function maxReceives(visibleAfterSeconds: number): number {
  return Math.floor(MAX_THROTTLE_SECONDS / visibleAfterSeconds) + 3;
}
