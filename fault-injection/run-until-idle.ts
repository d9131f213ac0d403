// Advances the clock minute by minute until no execution runs, no approval is open and all queues are empty. Each case
// calls it after its story. It redrives dead letters, as docs/operations/runbook.md tells operators to.
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  type QueueAttributeName,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Harness } from './harness.ts';
import { openOrders, openReservations } from './paper-orders.ts';

const MINUTE = 60_000;

/** Longer than two approval deadlines plus all delays that faults can cause. Work that still waits then is stuck. */
const MAX_MINUTES = 135;

export interface IdleResult {
  /** Descriptions of everything that is still waiting. */
  readonly stuck: readonly string[];
  /** Number of dead letters that were redriven. */
  readonly redriven: number;
}

/** @param redrives whether an operator redrives dead letters. If not, they count as stuck. */
export async function runUntilIdle(harness: Harness, { redrives = true } = {}): Promise<IdleResult> {
  let redriven = 0;
  let stuck: readonly string[] = [];
  await harness.cloud.settled();
  for (let minute = 0; minute < MAX_MINUTES; minute += 1) {
    const { running } = harness.cloud;
    const work = await waiting(harness);
    stuck = running > 0 ? [...work, `${running} executions are running`] : work;
    const onlyLetters = work.length > 0 && work.every((each) => each.startsWith('dead letters'));
    if (stuck.length === 0 || (onlyLetters && running === 0 && !redrives)) return { stuck, redriven };
    if (onlyLetters && redrives) redriven += await redriveDeadLetters(harness);
    await harness.cloud.advance(MINUTE);
  }
  return { stuck, redriven };
}

async function waiting(harness: Harness): Promise<readonly string[]> {
  const open = await harness.open();
  const queues = await nonEmptyQueues(harness);
  const orders = await unsettledOrders(harness);
  return [
    ...(orders.length > 0 ? [`${orders.length} orders are not settled`] : []),
    ...(open > 0 ? [`${open} approvals are open`] : []),
    ...queues.map(({ name, length }) =>
      name.includes('DeadLetters') ? `dead letters in ${name}: ${length}` : `messages in ${name}: ${length}`,
    ),
  ];
}

/** Ids of the orders that work at the broker, or that have a reservation. */
async function unsettledOrders({ dynamodb, cloud }: Harness): Promise<readonly string[]> {
  const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: cloud.outputs['LedgerTable'] }));
  const items = Items.map((item) => unmarshall(item));
  return [...new Set([...openOrders(items), ...openReservations(items)])];
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const satisfies readonly QueueAttributeName[];

async function nonEmptyQueues({
  sqs,
}: Harness): Promise<
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

async function redriveDeadLetters(harness: Harness): Promise<number> {
  const letters = (await nonEmptyQueues(harness)).filter(({ name }) => name.includes('DeadLetters'));
  for (const { arn } of letters) await harness.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn }));
  await harness.cloud.settled();
  return letters.reduce((sum, { length }) => sum + length, 0);
}
