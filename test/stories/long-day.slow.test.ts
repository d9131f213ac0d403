// Tests a day of a hundred requests (LONG_DAY=200: two hundred), during which Slack fails for half an hour, the table
// for a quarter of an hour, and the schedule for forty minutes. At its end every message must be current, every
// escalation step sent once, and nobody notified twice.
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalMessage } from '../../slack/views/approval-message.ts';
import type { Approval } from '../../domain/approval.ts';
import type { Message } from '../../local/slack/slack.ts';
import { ANA, BEN, CHLOE, openTradingDesk, operator, type TradingDesk } from '../support/trading-desk.ts';

const DANA = 'U0DANA';
const MINUTE = 60_000;
const REQUESTS = Number(process.env['LONG_DAY'] ?? 100);
/** Between two requests, in milliseconds: a day of eight hours. */
const PACE = (8 * 60 * MINUTE) / REQUESTS;
const symbols = ['AMZN', 'NVDA', 'MSFT', 'TSLA'];
let harness: TradingDesk;

beforeAll(async () => {
  harness = await openTradingDesk();
});

afterAll(() => harness.stop());

/** What breaks before which request, and what is whole again. */
const events: Readonly<Record<number, () => void | Promise<void>>> = {
  [REQUESTS * 0.2]: () =>
    ['chat.postMessage', 'chat.update'].forEach((method) => harness.slack.refuse(method, 'internal_error')),
  [REQUESTS * 0.27]: () =>
    ['chat.postMessage', 'chat.update'].forEach((method) => harness.slack.stopFailing(method)),
  [REQUESTS * 0.45]: () => harness.cloud.refuse('dynamodb'),
  [REQUESTS * 0.49]: () => harness.cloud.stopFailing('dynamodb'),
  // Nobody was woken meanwhile: what was due is found late, all at once.
  [REQUESTS * 0.7]: () => harness.clock.skip(40 * MINUTE),
};

/** Every fifth is large; some are decided at once, some late, some never. */
async function oneRequest(count: number): Promise<void> {
  await events[count]?.();
  const quantity = count % 5 === 0 ? 500 : 1 + (count % 9);
  await harness.slack.say(ANA, `/trade ${symbols[count % symbols.length]} ${quantity}`);
  await harness.cloud.settled();
  const open = harness.slack.messages().filter((message) => !message.threadTs && toDecide(message));
  const chosen = open[count % Math.max(1, open.length)];
  if (chosen && count % 3 !== 0) await act(count, chosen);
  await harness.cloud.advance(PACE);
}

async function act(count: number, { ts }: Message): Promise<void> {
  const person = [BEN, CHLOE, DANA][count % 3] ?? BEN;
  if (count % 7 === 0) {
    await harness.slack.press(person, ts, 'decline');
    await harness.cloud.settled();
    if (harness.slack.modal(person)?.submit) await harness.slack.submit(person, { reason: 'No' });
    else if (harness.slack.modal(person)) harness.slack.closeModal(person);
  } else {
    await harness.slack.press(person, ts, 'approve');
  }
  await harness.cloud.settled();
}

async function driveLettersBack(): Promise<void> {
  const { QueueUrls = [] } = await harness.sqs.send(new ListQueuesCommand({}));
  for (const QueueUrl of QueueUrls.filter((url) => url.includes('DeadLetters'))) {
    const { Attributes } = await harness.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    await harness.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: Attributes?.['QueueArn'] ?? '' }));
  }
  await harness.cloud.settled();
}

async function approvals(): Promise<readonly Approval[]> {
  const client = new DynamoDBClient({ ...operator, endpoint: harness.cloud.url });
  const TableName = harness.cloud.outputs['ApprovalsTable'];
  const found: Approval[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName }))
    found.push(...Items.map((item) => unmarshall(item) as Approval).filter(({ request }) => request));
  client.destroy();
  return found;
}

describe('a long day', () => {
  it(
    'ends with every message current, every escalation step sent once, and nobody notified twice',
    { timeout: 600_000 },
    async () => {
      for (let count = 1; count <= REQUESTS; count += 1) await oneRequest(count);
      await driveLettersBack();
      await harness.cloud.advance(45 * MINUTE);
      await driveLettersBack();
      const all = await approvals();
      const faults = all.flatMap((approval) => faultsOf(approval));
      expect(faults).toEqual([]);
      expect(harness.slack.messages().filter(toDecide)).toEqual([]);
      const asked = all.filter(({ ts }) => ts);
      expect(asked.length).toBeGreaterThan(REQUESTS * 0.8);
      expect(asked.map(({ status }) => status)).toEqual(
        expect.arrayContaining(['approved', 'declined', 'expired']),
      );
    },
  );
});

function toldInChannel(execution: string): boolean {
  return harness.slack.messages().some(({ text }) => text.includes(`Execution \`${execution}\`.`));
}

function toDecide(message: Message): boolean {
  return JSON.stringify(message.blocks ?? []).includes('"action_id":"approve"');
}

/** What is not as it should be about one approval. */
function faultsOf(approval: Approval): readonly string[] {
  const { execution, result, ts, escalationSteps, decision, deadline } = approval;
  // Its end was over before it could be asked: the channel was told.
  if (!ts) return toldInChannel(execution) ? [] : [`${execution}: nobody heard of its end`];
  const message = harness.slack.messages().find((one) => one.ts === ts);
  const replies = harness.slack
    .messages()
    .filter(({ threadTs }) => threadTs === ts)
    .map(({ text }) => text);
  const count = (shape: RegExp) => replies.filter((text) => shape.test(text)).length;
  const said = { reminder: count(/^:bell:/), escalation: count(/^:mega:/) };
  const ended = count(/\*(Filled|Not filled|Declined|Expired|Failed|Unclear)/);
  return [
    ...(result ? [] : [`${execution} has no result`]),
    ...(message?.text === approvalMessage(approval).text ? [] : [`${execution}: the message is not true`]),
    ...(ended === 1 ? [] : [`${execution}: its end was told ${ended} times`]),
    ...(said.reminder === (escalationSteps.reminder?.ts ? 1 : 0)
      ? []
      : [`${execution}: reminded ${said.reminder} times`]),
    ...(said.escalation === (escalationSteps.escalation?.ts ? 1 : 0)
      ? []
      : [`${execution}: escalated ${said.escalation} times`]),
    ...Object.values(escalationSteps)
      .filter(({ at }) => at > (decision?.at ?? deadline))
      .map(() => `${execution}: a rung was climbed when all was over`),
  ];
}
