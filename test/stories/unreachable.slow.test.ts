// Tests that each audience hears the result although Slack refuses another one: a message that cannot be updated, an
// archived channel, a requester who left.
import { GetQueueAttributesCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANA, BEN, CHLOE, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

const DANA = 'U0DANA';
const MINUTE = 60_000;
const CHANNEL = 'C0TRADING';
const HOURS = 60 * MINUTE;
let desk: TradingDesk;

beforeAll(async () => {
  desk = await openTradingDesk();
});

afterAll(() => desk.stop());

const directTo = (person: string) => desk.slack.directMessages(person).map(({ text }) => text);
const logged = (event: string) =>
  desk.events.filter(
    (each) => each.event === 'function_logged' && String(each['line']).includes(`"${event}"`),
  );
const deadLetters = () => desk.events.filter(({ event }) => event === 'message_dead_lettered');

describe('a result', () => {
  it.each([
    ['update_failed', 0],
    ['cant_update_message', 0],
    ['edit_window_closed', 0],
    ['is_inactive', 0],
    // Only an operator can end these.
    ['invalid_blocks', 1],
    ['not_in_channel', 1],
  ])(
    'reaches the thread and the requester although the message cannot be updated: %s',
    async (error, letters) => {
      const message = await desk.ask('/trade AMZN 2');
      const heard = directTo(ANA).length;
      const dead = deadLetters().length;
      desk.slack.refuse('chat.update', error);
      await desk.press(BEN, message, 'approve');
      await desk.cloud.advance(MINUTE);
      expect(desk.replies(message)).toMatchObject([{ text: expect.stringContaining('*Filled.*') }]);
      expect(directTo(ANA).slice(heard)).toEqual([expect.stringContaining('*Filled.*')]);
      desk.slack.stopFailing('chat.update');
      await desk.cloud.advance(2 * HOURS);
      expect(desk.replies(message)).toHaveLength(1);
      expect(directTo(ANA)).toHaveLength(heard + 1);
      expect(deadLetters().length - dead).toBeLessThanOrEqual(letters);
      const wasUpdated = desk.now(message).text.startsWith('Filled: ');
      expect(wasUpdated).toBe(['update_failed', 'invalid_blocks', 'not_in_channel'].includes(error));
    },
  );

  it.each([
    ['is_archived', 0],
    ['channel_not_found', 0],
    // The message can be updated once an operator let the app in again. Until then it is a dead letter.
    ['not_in_channel', 4],
    ['restricted_action', 4],
  ])(
    'reaches the requester and the approvers directly if the channel cannot be reached: %s',
    async (error, letters) => {
      const message = await desk.ask('/trade AMZN 2');
      const heard = [ANA, BEN, CHLOE].map((who) => directTo(who).length);
      const dead = deadLetters().length;
      for (const method of ['chat.postMessage', 'chat.update'])
        desk.slack.refuse(method, error, { channel: CHANNEL });
      await desk.press(BEN, message, 'approve');
      await desk.cloud.advance(3 * HOURS);
      for (const [index, who] of [ANA, BEN, CHLOE].entries())
        expect(directTo(who).slice(heard[index])).toEqual([expect.stringContaining('*Filled.*')]);
      expect(deadLetters().length - dead).toBeLessThanOrEqual(letters);
      const alarm = logged('channel_unreachable').at(-1);
      expect(JSON.parse(String(alarm?.['line']))).toMatchObject({ remedy: expect.any(String) });
      for (const method of ['chat.postMessage', 'chat.update']) desk.slack.stopFailing(method);
      await desk.cloud.advance(2 * HOURS);
      for (const [index, who] of [ANA, BEN, CHLOE].entries())
        expect(directTo(who)).toHaveLength((heard[index] ?? 0) + 1);
    },
  );

  it('is told in the channel if the thread is locked', async () => {
    const message = await desk.ask('/trade AMZN 2');
    desk.slack.refuse('chat.postMessage', 'restricted_action_thread_locked', { channel: CHANNEL, times: 1 });
    await desk.press(BEN, message, 'approve');
    await desk.cloud.advance(MINUTE);
    expect(desk.replies(message)).toEqual([]);
    expect(desk.posts().at(-1)?.text).toContain('*Filled.*');
  });

  it('reaches the thread although the requester cannot be written to, and is not tried for ever', async () => {
    const message = await desk.ask('/trade AMZN 2');
    const dead = deadLetters().length;
    const before = logged('person_unreachable').length;
    desk.slack.refuse('chat.postMessage', 'user_not_found', { channel: ANA });
    await desk.press(BEN, message, 'approve');
    await desk.cloud.advance(3 * HOURS);
    expect(desk.replies(message)).toHaveLength(1);
    expect(logged('person_unreachable')).toHaveLength(before + 1);
    expect(deadLetters()).toHaveLength(dead);
    desk.slack.stopFailing('chat.postMessage');
  });

  it('reminds in the channel if Slack refuses a reply in the thread', async () => {
    const message = await desk.ask('/trade AMZN 2');
    const before = desk.posts().length;
    desk.slack.refuse('chat.postMessage', 'cannot_reply_to_message', { channel: CHANNEL, times: 1 });
    await desk.cloud.advance(8 * MINUTE);
    expect(desk.posts().slice(before)).toMatchObject([{ text: expect.stringMatching(/^:bell:/) }]);
    expect(desk.replies(message)).toEqual([]);
    await desk.cloud.advance(2 * MINUTE);
    expect(desk.posts().slice(before)).toHaveLength(1);
    await desk.decline(BEN, message);
  });

  it(
    'is given up after a day, with an alarm, and reaches everybody if the dead letters are redriven',
    { timeout: 400_000 },
    async () => {
      const message = await desk.ask('/trade AMZN 2');
      const heard = directTo(ANA).length;
      await desk.slack.press(BEN, message.ts, 'approve');
      for (const method of ['chat.postMessage', 'chat.update']) desk.slack.refuse(method, 'token_revoked');
      await desk.cloud.settled();
      await desk.cloud.advance(27 * HOURS);
      const given = logged('repair_abandoned').map(({ line }) => JSON.parse(String(line)));
      expect(given).toMatchObject([{ what: 'notification', remedy: expect.any(String) }]);
      const tries = logged('repaired').length;
      await desk.cloud.advance(24 * HOURS);
      expect(logged('repaired')).toHaveLength(tries);
      expect(logged('repair_abandoned')).toHaveLength(1);
      for (const method of ['chat.postMessage', 'chat.update']) desk.slack.stopFailing(method);
      const { Attributes } = await desk.sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: await desk.queueUrl('RelayedResultsDeadLetters'),
          AttributeNames: ['QueueArn'],
        }),
      );
      await desk.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: Attributes?.['QueueArn'] }));
      await desk.cloud.settled();
      await desk.cloud.advance(10 * MINUTE);
      expect(desk.now(message).text).toMatch(/^Filled: /);
      expect(desk.replies(message)).toHaveLength(1);
      expect(directTo(ANA)).toHaveLength(heard + 1);
    },
  );

  it('waits for an operator while Slack refuses the token, and reaches everybody then', async () => {
    const message = await desk.ask('/trade AMZN 2');
    const heard = directTo(ANA).length;
    await desk.slack.press(BEN, message.ts, 'approve');
    for (const method of ['chat.postMessage', 'chat.update']) desk.slack.refuse(method, 'token_revoked');
    await desk.cloud.settled();
    expect(directTo(ANA)).toHaveLength(heard);
    for (const method of ['chat.postMessage', 'chat.update']) desk.slack.stopFailing(method);
    await desk.cloud.advance(2 * HOURS);
    expect(desk.replies(message)).toHaveLength(1);
    expect(directTo(ANA)).toHaveLength(heard + 1);
  });
});

describe('a request', () => {
  const refuse = (error: string) => desk.slack.refuse('chat.postMessage', error, { channel: CHANNEL });
  const repair = () => desk.slack.stopFailing('chat.postMessage');
  const HEARERS = [ANA, BEN, CHLOE];
  const heardBy = () => HEARERS.map((who) => directTo(who).length);
  /** The direct messages since then, of each hearer. */
  const since = (before: readonly number[]) =>
    HEARERS.map((who, index) => directTo(who).slice(before[index]));
  const WAITS = expect.stringMatching(
    /^:warning: \*(Buy|Sell) 2 AMZN, total USD.*\* waits for a decision until .*Slack does not accept it in <#C0TRADING>\./,
  );
  const trade = async () => {
    await desk.slack.say(ANA, '/trade AMZN 2');
    await desk.cloud.settled();
  };

  it.each(['is_archived', 'channel_not_found', 'not_in_channel', 'restricted_action'])(
    'is decided in Home by an approver who gets it directly if the channel refuses it: %s',
    async (error) => {
      const before = heardBy();
      const dead = deadLetters().length;
      const posts = desk.posts().length;
      refuse(error);
      await trade();
      expect(since(before)).toEqual([[WAITS], [WAITS], [WAITS]]);
      const alarm = logged('channel_unreachable').at(-1);
      expect(JSON.parse(String(alarm?.['line']))).toMatchObject({ remedy: expect.any(String) });
      await desk.cloud.advance(3 * MINUTE);
      expect(since(before)).toEqual([[WAITS], [WAITS], [WAITS]]);
      await desk.slack.openHome(BEN);
      await desk.cloud.settled();
      await desk.slack.press(BEN, desk.slack.home(BEN)?.id ?? '', 'approve');
      await desk.cloud.settled();
      expect(await desk.execution(await desk.lastExecution())).toMatchObject({ status: 'SUCCEEDED' });
      await desk.cloud.advance(2 * HOURS);
      const filled = expect.stringContaining('*Filled.*');
      expect(since(before)).toEqual([
        [WAITS, filled],
        [WAITS, filled],
        [WAITS, filled],
      ]);
      expect(deadLetters()).toHaveLength(dead);
      expect(desk.posts()).toHaveLength(posts);
      repair();
    },
  );

  it('reminds the approvers and asks those of the escalation by direct message', async () => {
    const before = [BEN, CHLOE, DANA].map((who) => directTo(who).length);
    refuse('is_archived');
    await trade();
    await desk.cloud.advance(13 * MINUTE);
    const waiting = [BEN, CHLOE, DANA].map((who, index) =>
      directTo(who)
        .slice(before[index])
        .filter((text) => /^:(bell|mega):/.test(text)),
    );
    const reminder = expect.stringMatching(
      /^:bell: <@U0BEN> or <@U0CHLOE>: \*.* 2 AMZN, .* still waits for one approval/,
    );
    const escalation = expect.stringMatching(/^:mega: <@U0DANA>: nobody has decided on \*.* 2 AMZN/);
    expect(waiting).toEqual([[reminder, escalation], [reminder, escalation], [escalation]]);
    await desk.slack.openHome(DANA);
    await desk.slack.press(DANA, desk.slack.home(DANA)?.id ?? '', 'approve');
    await desk.cloud.settled();
    expect(await desk.execution(await desk.lastExecution())).toMatchObject({ status: 'SUCCEEDED' });
    repair();
    await desk.cloud.advance(2 * HOURS);
  });

  it('is posted once somebody repairs the channel', async () => {
    const before = heardBy();
    const posts = desk.posts().length;
    refuse('is_archived');
    await trade();
    await desk.cloud.advance(5 * MINUTE);
    repair();
    await desk.cloud.advance(MINUTE);
    const [message, ...others] = desk.posts().slice(posts);
    expect(others).toEqual([]);
    if (!message) throw new Error('The request was not posted.');
    expect(since(before)).toEqual([[WAITS], [WAITS], [WAITS]]);
    await desk.press(BEN, message, 'approve');
    expect(desk.now(message).text).toMatch(/^Filled: /);
  });

  it('is not tried any more after its deadline', async () => {
    const posts = desk.posts().length;
    refuse('is_archived');
    await trade();
    const before = logged('channel_unreachable').length;
    await desk.cloud.advance(20 * MINUTE);
    const tries = logged('channel_unreachable').length;
    expect(tries - before).toBeGreaterThan(12);
    await desk.cloud.advance(2 * HOURS);
    expect(logged('channel_unreachable')).toHaveLength(tries);
    repair();
    await desk.cloud.advance(2 * HOURS);
    expect(desk.posts()).toHaveLength(posts);
  });
});
