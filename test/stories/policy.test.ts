// Tests who may approve, through the front door: two approvers, own requests, undone approvals, strangers, an emptied
// group, an amount above the limit, and a token answered by somebody else.
import { storedApproval } from '../support/stored-approval.ts';
import { GetExecutionHistoryCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ANA, BEN, CHLOE, hasButtons, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

const DANA = 'U0DANA';
const MINUTE = 60_000;
/** Eve is foreign, Fred deactivated, Robo a bot, Gina and Hugo are guests, and Ida never signed in. */
const INELIGIBLE = ['U0EVE', 'U0FRED', 'U0ROBO', 'U0GINA', 'U0HUGO', 'U0IDA', 'USLACKBOT'];
/** More than USD 10,000, less than USD 250,000, and a tenth of the shares in the account, whatever the market does. */
const LARGE = '/trade AMZN 100';
let desk: TradingDesk;

beforeAll(async () => {
  desk = await openTradingDesk();
});

afterEach(() => desk.slack.setGroup('S0RISK', [BEN, CHLOE, DANA]));

afterAll(async () => {
  await desk.stop();
});

describe('policy', () => {
  it('trades a large amount after two approvals, shows the first, counts nobody twice, and tells the requester privately', async () => {
    const message = await desk.ask(LARGE);
    expect(message.text).toMatch(/\nNeeds 2 approvals from <@U0BEN>, <@U0CHLOE> or <@U0DANA> by /);
    await desk.press(BEN, message, 'approve');
    expect(desk.now(message).text).toMatch(
      /\n1 of 2 approvals: <@U0BEN> at <!date.*Needs one more approval from <@U0CHLOE> or <@U0DANA> by /,
    );
    expect(desk.replies(message)).toEqual([]);
    await desk.press(BEN, message, 'approve');
    expect(desk.privately(BEN).at(-1)).toMatch(/^You already approved this\. 1 of 2 approvals: /);
    await desk.press(DANA, message, 'approve');
    expect(desk.now(message).text).toMatch(
      /^Filled: .*\nApproved by <@U0BEN> .* and <@U0DANA> .*\. (Bought|Sold)/,
    );
    const { output = '' } = await desk.execution(await desk.lastExecution());
    expect(JSON.parse(output).approval).toMatchObject({
      outcome: 'approved',
      by: DANA,
      votes: [{ by: BEN }, { by: DANA }],
    });
    expect(desk.slack.directMessages(ANA).at(-1)?.text).toMatch(
      /\*Filled\.\* (Bought|Sold) 100 AMZN .*<http.*\|Open the message>$/,
    );
  });

  it('counts two concurrent approvals and trades once', async () => {
    const message = await desk.ask(LARGE);
    await Promise.all([BEN, CHLOE, DANA].map((who) => desk.slack.press(who, message.ts, 'approve')));
    await desk.cloud.settled();
    expect(desk.now(message).text).toMatch(/^Filled: .*\nApproved by <@U0\w+> .* and <@U0\w+> /);
    expect(desk.replies(message)).toHaveLength(1);
  });

  it('refuses an approval by the requester, who may withdraw', async () => {
    const message = await desk.ask('/trade NVDA 2');
    await desk.press(ANA, message, 'approve');
    expect(desk.privately(ANA).at(-1)).toMatch(
      /^You can't approve your own request\. <@U0BEN> or <@U0CHLOE> can approve it\. To withdraw it, press Decline\./,
    );
    expect(hasButtons(desk.now(message))).toBe(true);
    const before = desk.slack.directMessages(ANA).length;
    await desk.decline(ANA, message, 'Wrong symbol');
    expect(desk.now(message).text).toMatch(/^Withdrawn: .*\nWithdrawn by <@U0ANA> .*: “Wrong symbol”/);
    // Who did it knows how it ended.
    expect(desk.slack.directMessages(ANA)).toHaveLength(before);
  });

  it("lets people undo their own approval while the request is pending, and nobody else's", async () => {
    const message = await desk.ask(LARGE);
    await desk.press(BEN, message, 'approve');
    await desk.slack.press(CHLOE, message.ts, 'undo_approval');
    await desk.cloud.settled();
    expect(desk.privately(CHLOE).at(-1)).toMatch(
      /^You have not approved this, so there is nothing to undo\./,
    );
    await desk.slack.press(BEN, message.ts, 'undo_approval');
    await desk.cloud.settled();
    expect(desk.now(message).text).toMatch(/Needs 2 approvals from /);
    await desk.press(CHLOE, message, 'approve');
    expect(desk.now(message).text).toMatch(/\n1 of 2 approvals: <@U0CHLOE> at/);
    await desk.decline(DANA, message, 'Not now');
    expect(desk.now(message).text).toMatch(/^Declined: .*\nDeclined by <@U0DANA>/);
  });

  it('ignores a copy of an earlier Approve after Undo, with its valid signature, and logs the refusal', async () => {
    const message = await desk.ask(LARGE);
    await desk.press(BEN, message, 'approve');
    const captured = desk.slack.lastRequest();
    await desk.slack.press(BEN, message.ts, 'undo_approval');
    await desk.cloud.settled();
    expect((await desk.slack.redeliver(captured)).status).toBe(200);
    await desk.cloud.settled();
    expect(desk.now(message).text).not.toMatch(/^1 of 2/m);
    expect(desk.privately(BEN).at(-1)).toMatch(/^Nothing changed: this press, or a later one of yours/);
    // A new press counts.
    await desk.press(BEN, message, 'approve');
    expect(desk.now(message).text).toMatch(/^1 of 2/m);
    await desk.decline(CHLOE, message);
  });

  it('ignores a copy of an earlier Undo after a new approval', async () => {
    const message = await desk.ask(LARGE);
    await desk.press(BEN, message, 'approve');
    await desk.slack.press(BEN, message.ts, 'undo_approval');
    const captured = desk.slack.lastRequest();
    await desk.cloud.settled();
    await desk.press(BEN, message, 'approve');
    await desk.slack.redeliver(captured);
    await desk.cloud.settled();
    expect(desk.now(message).text).toMatch(/^1 of 2/m);
    await desk.decline(CHLOE, message);
  });

  it.each([
    ['U0EVE', 'you are a member of another workspace.'],
    ['U0GINA', 'guests may not approve here.'],
    ['U0HUGO', 'guests may not approve here.'],
    ['U0IDA', 'you have not joined this workspace yet.'],
    ['USLACKBOT', 'bots cannot approve.'],
    ['U0FRED', 'your account is deactivated.'],
    ['U0ROBO', 'bots cannot approve.'],
    [
      DANA,
      'you are not among its approvers. <@U0BEN> or <@U0CHLOE> can approve it. If you have just become one,',
    ],
  ])('refuses %s privately, with the reason', async (stranger, reason) => {
    const message = await desk.ask('/trade NVDA 2');
    await desk.press(stranger, message, 'approve');
    expect(desk.privately(stranger).at(-1)).toMatch(/^You can't approve \*/);
    expect(desk.privately(stranger).at(-1)).toContain(reason);
    await desk.press(stranger, message, 'decline');
    expect(JSON.stringify(desk.slack.modal(stranger))).toContain("You can't decline *");
    expect(JSON.stringify(desk.slack.modal(stranger))).toContain(reason);
    desk.slack.closeModal(stranger);
    expect(desk.now(message).text).toBe(message.text);
    await desk.decline(BEN, message);
  });

  it('ignores guests, foreign, invited and deactivated people, bots and Slackbot in the list of approvers', async () => {
    desk.slack.setGroup('S0RISK', [...INELIGIBLE, CHLOE, DANA]);
    await desk.cloud.advance(360_000);
    const message = await desk.ask(LARGE);
    for (const stranger of INELIGIBLE) await desk.press(stranger, message, 'approve');
    expect(desk.now(message).text).toMatch(/\nNeeds 2 approvals from <@U0CHLOE> or <@U0DANA> by /);
    desk.slack.setGroup('S0RISK', [...INELIGIBLE, DANA]);
    await desk.cloud.advance(360_000);
    expect(desk.now(message).text).toMatch(
      /nobody can approve this: it needs 2 approvals, and only <@U0DANA> may approve\. If that does not change, it expires at .* It can be declined until then\./,
    );
    expect(JSON.stringify(desk.now(message).blocks)).not.toContain('"action_id":"approve"');
    await desk.decline(ANA, message);
    desk.slack.setGroup('S0RISK', [BEN, CHLOE, DANA]);
    await desk.cloud.advance(360_000);
  });

  it('asks nobody about an amount above the limit, and says to the requester alone what would pass', async () => {
    const before = desk.slack.messages().length;
    await desk.slack.say(ANA, '/trade TSLA 100000');
    await desk.cloud.settled();
    expect(desk.slack.messages()).toHaveLength(before);
    expect(desk.slack.directMessages(ANA).at(-1)?.text).toMatch(
      /\*Refused\.\* Above the USD.250,000 limit: 100,000 TSLA amount to USD.[\d,.]+\. Try “\/trade (buy|sell) TSLA [\d,]+”\. Nobody was asked, and nothing was done\./,
    );
    const arn = await desk.lastExecution();
    expect(await desk.execution(arn)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await desk.path(arn)).not.toContain('Request Human Approval');
  });

  it('updates the members of a group within five minutes and says if nobody can approve', async () => {
    const message = await desk.ask(LARGE);
    await desk.press(BEN, message, 'approve');
    desk.slack.setGroup('S0RISK', [CHLOE, DANA]);
    await desk.press(BEN, message, 'approve');
    await desk.cloud.advance(360_000);
    expect(desk.now(message).text).toMatch(/Needs 2 approvals from /);
    desk.slack.setGroup('S0RISK', []);
    await desk.cloud.advance(360_000);
    expect(desk.now(message).text).toContain('As things are, nobody can approve this');
    expect(logged('nobody_can_approve').at(-1)).toMatchObject({
      remedy: expect.stringContaining('add people to the user group'),
    });
    await desk.cloud.advance(360_000);
  });

  it('refuses an approval as soon as the approvers were last resolved 15 minutes ago, although the request waits', async () => {
    await desk.cloud.advance(20 * MINUTE);
    const first = await desk.ask(LARGE);
    // The second request uses the look at the approvers that the first one caused.
    await desk.cloud.advance(4.5 * MINUTE);
    const message = await desk.ask(LARGE);
    for (const method of ['usergroups.users.list', 'users.info']) desk.slack.refuse(method, 'internal_error');
    await desk.cloud.advance(10.4 * MINUTE);
    await desk.press(CHLOE, message, 'approve');
    expect(desk.now(message).text).toMatch(/^1 of 2/m);
    await desk.cloud.advance(0.2 * MINUTE);
    await desk.press(DANA, message, 'approve');
    expect(desk.privately(DANA).at(-1)).toMatch(
      /^Nothing was decided: Slack has not confirmed the approvers for more than 15 minutes/,
    );
    expect(desk.now(message).text).toMatch(/^1 of 2/m);
    for (const method of ['usergroups.users.list', 'users.info']) desk.slack.stopFailing(method);
    await desk.cloud.advance(MINUTE);
    await desk.press(DANA, message, 'approve');
    expect(desk.now(message).text).toMatch(/^Filled/);
    expect(desk.now(first).text).toMatch(/^Expired/);
  });

  it('does not trade if a token was answered before enough people approved, and says so in the thread', async () => {
    const message = await desk.ask(LARGE);
    await desk.press(BEN, message, 'approve');
    const executionArn = await desk.lastExecution();
    const { events = [] } = await desk.sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    const asked = events.map((event) => event.taskScheduledEventDetails?.parameters).find(Boolean) ?? '{}';
    const { TaskToken: taskToken } = JSON.parse(asked).MessageBody;
    const { id } = await storedApproval(desk.cloud, executionArn);
    const output = JSON.stringify({ outcome: 'approved', id, by: BEN, votes: [{ by: BEN }, { by: DANA }] });
    await desk.sfn.send(new SendTaskSuccessCommand({ taskToken, output }));
    await desk.cloud.settled();
    expect(await desk.execution(executionArn)).toMatchObject({ status: 'FAILED', error: 'NotApproved' });
    expect(desk.replies(message)).toMatchObject([
      { text: expect.stringContaining('No recorded decision approves this order to') },
    ]);
  });

  it('leaves out a link that Slack does not return: in a refusal, in lists and in a direct message', async () => {
    const message = await desk.ask('/trade AMZN 2');
    desk.slack.refuse('chat.getPermalink', 'internal_error');
    await desk.press('U0EVE', message, 'approve');
    expect(desk.privately('U0EVE').at(-1)).toContain('you are a member of another workspace.');
    for (const text of ['/trade pending', '/trade status']) {
      await desk.slack.say(ANA, text);
      await desk.cloud.settled();
      expect(desk.privately(ANA).at(-1)).toContain('2 AMZN');
    }
    const before = desk.slack.directMessages(ANA).length;
    await desk.press(BEN, message, 'approve');
    expect(desk.slack.directMessages(ANA)).toHaveLength(before + 1);
    expect(desk.slack.directMessages(ANA).at(-1)?.text).toMatch(/Filled/);
    desk.slack.stopFailing('chat.getPermalink');
  });
});

function logged(event: string): readonly object[] {
  return desk.events
    .filter((each) => each.event === 'function_logged' && String(each['line']).includes(`"${event}"`))
    .map(({ line }) => JSON.parse(String(line)));
}
