// Lets a story run to its end: time goes on, minute by minute, until nothing waits any more. What lies in a dead-letter
// queue is driven back as docs/operating.md says, and it goes on from there. Each cell ends with it.
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  type QueueAttributeName,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { Desk } from './harness.ts';

const MINUTE = 60_000;

/** Minutes after which whatever waits is stuck: two deadlines, and all that is done late. */
const LONGEST = 135;

export interface Quiet {
  /** What waits still, each a sentence. */
  readonly stuck: readonly string[];
  /** How many dead letters were driven back. */
  readonly drivenBack: number;
}

export async function untilQuiet(desk: Desk): Promise<Quiet> {
  let drivenBack = 0;
  let stuck: readonly string[] = [];
  await desk.cloud.settled();
  for (let minute = 0; minute < LONGEST; minute += 1) {
    stuck = await waiting(desk);
    const onlyLetters = stuck.length > 0 && stuck.every((each) => each.startsWith('dead letters'));
    if (onlyLetters) drivenBack += await redrive(desk);
    if (stuck.length === 0) return { stuck, drivenBack };
    await desk.cloud.advance(MINUTE);
  }
  return { stuck, drivenBack };
}

async function waiting(desk: Desk): Promise<readonly string[]> {
  const open = await desk.open();
  const queues = await lengths(desk);
  return [
    ...(open > 0 ? [`${open} approvals are open`] : []),
    ...queues.map(({ name, length }) =>
      name.includes('DeadLetters') ? `dead letters in ${name}: ${length}` : `messages in ${name}: ${length}`,
    ),
  ];
}

/** All attributes of a queue that count its messages. */
const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const satisfies readonly QueueAttributeName[];

/** Of the queues that are not empty. */
async function lengths({
  sqs,
}: Desk): Promise<
  readonly { readonly name: string; readonly url: string; readonly length: number; readonly arn: string }[]
> {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const all = await Promise.all(
    QueueUrls.map(async (url) => {
      const { Attributes = {} } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...COUNTS, 'QueueArn'] }),
      );
      const length = COUNTS.reduce((sum, count) => sum + Number(Attributes[count] ?? 0), 0);
      return { url, name: url.split('/').at(-1) ?? '', length, arn: Attributes['QueueArn'] ?? '' };
    }),
  );
  return all.filter(({ length }) => length > 0);
}

async function redrive(desk: Desk): Promise<number> {
  const letters = (await lengths(desk)).filter(({ name }) => name.includes('DeadLetters'));
  for (const { arn } of letters) await desk.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn }));
  await desk.cloud.settled();
  return letters.reduce((sum, { length }) => sum + length, 0);
}
