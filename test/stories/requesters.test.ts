// Tests who counts as requester: the person for whom the bot started the execution, and nobody whom an input names. No
// requester of a chain of resubmitted requests approves, and only people who may take part start executions.
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../local/slack/slack.ts';
import { ANA, BEN, CHLOE, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

const DANA = 'U0DANA';
const MINUTE = 60_000;
let desk: TradingDesk;

beforeAll(async () => {
  desk = await openTradingDesk();
});
afterAll(() => desk.stop());

async function executionCount(): Promise<number> {
  const stateMachineArn = desk.cloud.outputs['StateMachineArn'];
  return (await desk.sfn.send(new ListExecutionsCommand({ stateMachineArn }))).executions?.length ?? 0;
}

/** Asks as Ana, waits until the request has expired, and returns its message. */
async function expired(command: string): Promise<Message> {
  const message = await desk.ask(command);
  await desk.cloud.advance(16 * MINUTE);
  expect(desk.now(message).text).toMatch(/^Expired: /);
  return message;
}

async function resubmit(person: string, message: Message): Promise<Message> {
  await desk.press(person, message, 'resubmit');
  const next = desk.posts().at(-1);
  if (!next || next.ts === message.ts) throw new Error('Nothing was posted.');
  return next;
}

describe('a requester', () => {
  it('does not approve the resubmission of their request by somebody else, however long the chain', async () => {
    const second = await resubmit(BEN, await expired('/trade AMZN 2'));
    await desk.press(ANA, second, 'approve');
    expect(desk.privately(ANA).at(-1)).toMatch(/^You can't approve your own request/);
    await desk.press(BEN, second, 'approve');
    expect(desk.privately(BEN).at(-1)).toMatch(/^You can't approve your own request/);
    await desk.decline(CHLOE, second, 'Not now');
    const third = await resubmit(CHLOE, second);
    expect(desk.now(third).text).toMatch(
      /nobody can approve this|after <@U0CHLOE> declined the earlier request/,
    );
    expect(JSON.stringify(desk.now(third).blocks)).not.toContain('"action_id":"approve"');
    // A former requester does not withdraw a request of somebody else.
    await desk.press(ANA, third, 'decline');
    expect(JSON.stringify(desk.slack.modal(ANA))).toContain("You can't decline");
    desk.slack.closeModal(ANA);
    await desk.decline(CHLOE, third);
  });

  it('keeps the name on the note that they typed, whoever resubmits the request', async () => {
    await desk.slack.say(ANA, '/trade');
    await desk.slack.submit(ANA, { symbol: 'AMZN', quantity: '3', note: 'Before the split' });
    await desk.cloud.settled();
    const [message] = desk.posts().slice(-1);
    if (!message) throw new Error('not asked');
    await desk.decline(BEN, message, 'Why?');
    const second = await resubmit(CHLOE, message);
    expect(second.text).toContain('<@U0ANA>: Before the split');
    expect(second.text).toContain('Requested by: <@U0CHLOE>');
    await desk.decline(BEN, second);
  });

  it.each([
    ['a member of another workspace', 'U0EVE', 'you are a member of another workspace'],
    ['a deactivated account', 'U0FRED', 'your account is deactivated'],
    ['a bot', 'U0ROBO', 'bots may not request'],
    ['a guest', 'U0GINA', 'guests may not request'],
    ['a guest of one channel', 'U0HUGO', 'guests may not request'],
    ['a person who never signed in', 'U0IDA', 'you have not joined'],
    ['Slackbot', 'USLACKBOT', 'bots may not request'],
  ])('is not %s, who may press Resubmit', async (_, person, reason) => {
    const message = await desk.ask('/trade AMZN 2');
    await desk.decline(BEN, message);
    const before = await executionCount();
    await desk.press(person, message, 'resubmit');
    expect(desk.privately(person).at(-1)).toMatch(/^Nothing was requested: /);
    expect(desk.privately(person).at(-1)).toContain(reason);
    expect(await executionCount()).toBe(before);
  });

  it.each(['U0GINA', 'U0HUGO'])('is not the guest %s, who may type the command', async (guest) => {
    const before = await executionCount();
    await desk.slack.say(guest, '/trade AMZN 2');
    expect(desk.privately(guest).at(-1)).toContain('guests may not request');
    expect(await executionCount()).toBe(before);
  });

  it('is nobody whom only the input of an execution names: the name is shown as not verified and gives no right', async () => {
    const before = desk.slack.directMessages(BEN).length;
    const message = await desk.askOutsideSlack({ symbol: 'NVDA', quantity: 2, requestedBy: BEN });
    expect(message.text).toContain('Started: via AWS, which names <@U0BEN> (not verified)');
    expect(message.text).toContain(
      'nobody can approve this: it needs 2 approvals, and only <@U0CHLOE> may approve.',
    );
    await desk.cloud.advance(16 * MINUTE);
    expect(desk.slack.directMessages(BEN)).toHaveLength(before);
    const other = await desk.askOutsideSlack({ symbol: 'NVDA', quantity: 2, requestedBy: DANA });
    await desk.press(DANA, other, 'decline');
    expect(JSON.stringify(desk.slack.modal(DANA))).toContain("You can't decline");
    desk.slack.closeModal(DANA);
    await desk.decline(BEN, other);
  });

  it('is shown no earlier answer that only an input claims', async () => {
    const previousAnswer = { outcome: 'declined', by: BEN, reason: 'Never' };
    const message = await desk.askOutsideSlack({ symbol: 'NVDA', quantity: 2, previousAnswer });
    expect(message.text).not.toContain('Resubmitted');
    await desk.decline(BEN, message);
  });

  it('starts at most 30 executions an hour, and is told kindly', async () => {
    const before = await executionCount();
    for (let count = 0; count < 31; count += 1) await desk.slack.say(DANA, '/trade MSFT 1');
    expect(desk.privately(DANA).at(-1)).toContain('one person may request 30 times an hour');
    expect(await executionCount()).toBe(before + 30);
    await desk.cloud.advance(60 * MINUTE);
    await desk.slack.say(DANA, '/trade MSFT 1');
    expect(await executionCount()).toBe(before + 31);
    await desk.cloud.advance(16 * MINUTE);
  });
});
