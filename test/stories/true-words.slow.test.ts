// Tests, through the front door, texts that were not true or not complete: in the channel after the message was deleted,
// about escalations, in lists, and about delegations that are over.
import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '../../local/slack/slack.ts';
import { ANA, BEN, CHLOE, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

const DANA = 'U0DANA';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
let desk: TradingDesk;

beforeAll(async () => {
  desk = await openTradingDesk();
});
afterAll(() => desk.stop());

const day = (days: number) => new Date(desk.clock.now() + days * DAY).toISOString().slice(0, 10);
const lastPost = (): Message => {
  const message = desk.posts().at(-1);
  if (!message) throw new Error('Nothing was posted.');
  return message;
};

async function home(person: string): Promise<string> {
  await desk.slack.openHome(person);
  return JSON.stringify(desk.slack.home(person)?.blocks);
}

async function inHome(person: string, action: string): Promise<void> {
  await desk.slack.openHome(person);
  await desk.slack.press(person, desk.slack.home(person)?.id ?? '', action);
  await desk.cloud.settled();
}

/** Saves the settings of this person, and returns the errors that the modal then shows. */
async function set(person: string, values: Readonly<Record<string, string>>): Promise<string> {
  await inHome(person, 'settings');
  await desk.slack.submit(person, values);
  await desk.cloud.settled();
  const errors = JSON.stringify(desk.slack.modal(person) ?? '');
  if (desk.slack.modal(person)) desk.slack.closeModal(person);
  return errors;
}

async function tells(person: string, command: string): Promise<string> {
  await desk.slack.say(person, command);
  await desk.cloud.settled();
  return desk.privately(person).at(-1) ?? '';
}

const lastName = async () => (await desk.lastExecution()).split(':').at(-1) ?? '';

describe('a result without its message', () => {
  it('says what was declined, by whom and why', async () => {
    const message = await desk.ask('/trade AMZN 2');
    desk.slack.deleteMessage(message.ts);
    await inHome(BEN, 'decline');
    await desk.slack.submit(BEN, { reason: 'Too expensive' });
    await desk.cloud.settled();
    const told =
      /^:x: \*Declined: (Buy|Sell) 2 AMZN, .*\* by <@U0BEN>\. .* Reason: “Too expensive” Execution `/;
    expect(lastPost().text).toMatch(told);
    expect(desk.slack.directMessages(ANA).at(-1)?.text).toMatch(told);
  });

  it('says what was cancelled and by whom', async () => {
    const message = await desk.ask('/trade AMZN 2');
    desk.slack.deleteMessage(message.ts);
    await desk.slack.say(BEN, `/trade cancel ${await lastName()}`);
    await desk.slack.submit(BEN, { reason: 'Wrong day' });
    await desk.cloud.settled();
    expect(lastPost().text).toMatch(/^:no_entry: \*Cancelled: .* 2 AMZN, .*\* by <@U0BEN>\. .*“Wrong day”/);
  });
});

describe('an escalation', () => {
  it.each([
    ['nobody', []],
    ['the requester', [ANA]],
  ])('to a group of %s is the last reminder for those who may approve', async (_, members) => {
    desk.slack.setGroup('S0RISK', members);
    await desk.cloud.advance(6 * MINUTE);
    const message = await desk.ask('/trade AMZN 2');
    await desk.cloud.advance(12 * MINUTE);
    expect(desk.replies(message).at(-1)?.text).toMatch(
      /^:mega: Last reminder, <@U0BEN> or <@U0CHLOE>: .* still waits for one approval/,
    );
    expect(JSON.stringify(desk.now(message).blocks)).not.toContain('may approve too');
    await desk.decline(BEN, message);
    desk.slack.setGroup('S0RISK', [BEN, CHLOE, DANA]);
    await desk.cloud.advance(6 * MINUTE);
  });
});

describe('a request that was resubmitted', () => {
  it('does not tell its former requester to withdraw it', async () => {
    const message = await desk.ask('/trade AMZN 2');
    await desk.decline(BEN, message);
    await desk.press(CHLOE, message, 'resubmit');
    const again = lastPost();
    await desk.press(ANA, again, 'approve');
    expect(desk.privately(ANA).at(-1)).toMatch(
      /^You can't approve your own request\. <@U0BEN> can approve it\. </,
    );
    await desk.decline(BEN, again);
  });
});

describe('lists', () => {
  it('have a request by its name in other case after it expired or was cancelled', async () => {
    const message = await desk.ask('/trade AMZN 2');
    const name = await lastName();
    await desk.cloud.advance(20 * MINUTE);
    expect(desk.now(message).text).toMatch(/^Expired/);
    expect(await tells(ANA, `/trade status ${name.toLowerCase()}`)).toContain('Expired: ');
    expect(await tells(ANA, `/trade status ${name.toUpperCase()}`)).toContain('Expired: ');
  });

  it.each(['deploy-2.14.', 'release!'])('have the execution %s', async (name) => {
    const { stateMachineArn } = await desk.execution(await desk.lastExecution());
    const input = JSON.stringify({ symbol: 'MSFT', quantity: 5 });
    await desk.sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
    await desk.cloud.settled();
    expect(await tells(BEN, `/trade status ${name}`)).toContain('5 MSFT');
    expect(await tells(BEN, `/trade status \`${name}\`.`)).toContain('5 MSFT');
    await desk.decline(BEN, lastPost());
  });

  it('say that there are more, and offer the next page if a person may see nothing on this one', async () => {
    for (let count = 0; count < 11; count += 1) await desk.start({ symbol: 'MSFT', quantity: 20 + count });
    for (let count = 0; count < 11; count += 1) await desk.slack.say(ANA, `/trade AMZN ${count + 1}`);
    await desk.cloud.settled();
    expect(await tells(ANA, '/trade status')).toMatch(/^Your requests \(10 of 11\)\n/);
  });

  it('show in Home the requests that wait for the person, although many others are due before', async () => {
    for (let count = 0; count < 10; count += 1) await desk.slack.say(ANA, `/trade MSFT ${count + 1}`);
    await desk.cloud.advance(MINUTE);
    await desk.ask('/trade AMZN 100');
    expect(await home(DANA)).toMatch(
      /Needs your approval.*100 AMZN.*"action_id":"approve".*Waiting on others/,
    );
    expect(await home(DANA)).toContain('There are more: ');
    await desk.cloud.advance(20 * MINUTE);
  });
});

describe('a delegation', () => {
  it('that is over cannot be refused, and its button goes', async () => {
    await set(BEN, { until: day(0), delegate: DANA });
    const told = desk.slack.directMessages(DANA).at(-1);
    await desk.cloud.advance(2 * DAY);
    const before = desk.slack.directMessages(BEN).length;
    await desk.slack.press(DANA, told?.ts ?? '', 'refuse_delegation');
    await desk.cloud.settled();
    expect(desk.slack.directMessages(BEN)).toHaveLength(before);
    const messages = desk.slack.directMessages(DANA);
    expect(messages.at(-1)?.text).toContain('Nothing was changed');
    const shown = messages.find(({ ts }) => ts === told?.ts);
    expect(JSON.stringify(shown?.blocks)).not.toContain('refuse_delegation');
  });

  it('that is refused says so to the delegate, although the person who is out cannot be written to', async () => {
    await set(BEN, { until: day(1), delegate: DANA });
    const told = desk.slack.directMessages(DANA).at(-1);
    desk.slack.refuseDirectMessages(BEN, 'cannot_dm_bot');
    await desk.slack.press(DANA, told?.ts ?? '', 'refuse_delegation');
    await desk.cloud.settled();
    desk.slack.refuseDirectMessages(BEN, undefined);
    expect(desk.slack.directMessages(DANA).at(-1)?.text).toContain('so tell them yourself.');
    expect(await home(BEN)).toContain('You have no delegate.');
    await set(BEN, { until: '', delegate: '' });
  });

  it('is not ended by the button of an earlier one', async () => {
    await set(BEN, { until: day(1), delegate: DANA });
    const earlier = desk.slack.directMessages(DANA).at(-1);
    await set(BEN, { until: day(3), delegate: DANA });
    await desk.slack.press(DANA, earlier?.ts ?? '', 'refuse_delegation');
    await desk.cloud.settled();
    expect(await home(BEN)).toContain('Your delegate is <@U0DANA>.');
    await set(BEN, { until: '', delegate: '' });
  });

  it('is not for a person who is out too', async () => {
    await set(DANA, { until: day(2), delegate: '' });
    expect(await set(BEN, { until: day(1), delegate: DANA })).toContain(
      'They are out of office until the end of',
    );
    await set(DANA, { until: '', delegate: '' });
  });

  it('calls nobody to approve what has no Approve button', async () => {
    const message = await desk.ask('/trade AMZN 100');
    desk.slack.setGroup('S0RISK', [DANA]);
    await set(DANA, { until: day(1), delegate: BEN });
    await desk.cloud.advance(7 * MINUTE);
    expect(desk.now(message).text).toContain('only <@U0BEN> for <@U0DANA> may approve.');
    expect(desk.replies(message).filter(({ text }) => text.startsWith(':wave:'))).toEqual([]);
    await set(DANA, { until: '', delegate: '' });
  });

  it('stands in until midnight where the person is, who may go out on a day that is over elsewhere', async () => {
    desk.slack.setTimeZone(BEN, 'Pacific/Honolulu');
    // Noon in UTC is two o'clock in the morning in Honolulu, so the last day ends 22 hours later.
    const noon = Date.parse(`${day(1)}T12:00:00.000Z`);
    await desk.cloud.advance(noon - desk.clock.now());
    expect(await set(BEN, { until: day(-1), delegate: DANA })).toContain('This day is over');
    await set(BEN, { until: day(0), delegate: DANA });
    expect(await home(BEN)).toContain('(Pacific/Honolulu)');
    expect(desk.slack.directMessages(DANA).at(-1)?.text).toContain('(Pacific/Honolulu) and named you');
    await desk.cloud.advance(13 * 60 * MINUTE);
    const message = await desk.ask('/trade AMZN 2');
    expect(message.text).toContain('<@U0DANA> for <@U0BEN> by');
    await desk.decline(CHLOE, message);
    await desk.cloud.advance(10 * 60 * MINUTE);
    const next = await desk.ask('/trade AMZN 2');
    expect(next.text).toMatch(/\nNeeds approval from <@U0BEN> or <@U0CHLOE> by /);
    await desk.decline(CHLOE, next);
  });
});
