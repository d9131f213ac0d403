// Tests who may stand in for an approver who is out: who may be named, for how long, what is checked before anything is
// stored, what is checked again later, and how a delegate hears of it and refuses.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportedEntries } from '../support/audit-commands.ts';
import { ANA, BEN, CHLOE, hasButtons, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

const DANA = 'U0DANA';
const EVE = 'U0EVE';
const MINUTE = 60_000;
let desk: TradingDesk;

beforeAll(async () => {
  desk = await openTradingDesk();
});
afterAll(() => desk.stop());

const day = (days: number) => new Date(desk.clock.now() + days * 24 * 60 * MINUTE).toISOString().slice(0, 10);

/** Saves the settings of this person, and returns the errors that the modal then shows. */
async function set(person: string, values: Readonly<Record<string, string>>): Promise<string> {
  await desk.slack.openHome(person);
  await desk.slack.press(person, desk.slack.home(person)?.id ?? '', 'settings');
  await desk.slack.submit(person, values);
  await desk.cloud.settled();
  const errors = JSON.stringify(desk.slack.modal(person) ?? '');
  if (desk.slack.modal(person)) desk.slack.closeModal(person);
  return errors;
}

async function lastName(): Promise<string> {
  return (await desk.lastExecution()).split(':').at(-1) ?? '';
}

async function home(person: string): Promise<string> {
  await desk.slack.openHome(person);
  return JSON.stringify(desk.slack.home(person)?.blocks);
}

describe('a delegate', () => {
  it('is stored only after the check: if Slack cannot answer, nothing is saved and the modal says so', async () => {
    desk.slack.refuse('usergroups.users.list', 'internal_error');
    expect(await set(BEN, { until: day(1), delegate: DANA })).toContain('nothing was saved. Try again');
    desk.slack.stopFailing('usergroups.users.list');
    expect(await home(BEN)).not.toContain('You are out');
    const message = await desk.ask('/trade AMZN 2');
    await desk.press(DANA, message, 'approve');
    expect(hasButtons(desk.now(message))).toBe(true);
    await desk.decline(BEN, message);
  });

  it.each([
    ['a requester who may approve nothing', ANA],
    ['a member of another workspace', EVE],
    ['a bot', 'U0ROBO'],
    ['a guest', 'U0GINA'],
    ['Slackbot', 'USLACKBOT'],
  ])('is not %s', async (_, delegate) => {
    desk.slack.setGroup('S0RISK', [BEN, CHLOE, DANA, EVE, 'U0FRED', 'U0ROBO', 'U0GINA', 'USLACKBOT']);
    await desk.cloud.advance(6 * MINUTE);
    expect(await set(BEN, { until: day(1), delegate })).toContain('Choose somebody');
    expect(await home(BEN)).not.toContain('You are out');
    desk.slack.setGroup('S0RISK', [BEN, CHLOE, DANA]);
    await desk.cloud.advance(6 * MINUTE);
  });

  it('is named for at most 30 days', async () => {
    expect(await set(BEN, { until: day(31), delegate: DANA })).toContain('for at most 30 days');
    expect(await home(BEN)).not.toContain('You are out');
    // Without a delegate there is no limit: nobody gets a right.
    expect(await set(BEN, { until: day(31) })).not.toContain('30 days');
    await set(BEN, { until: day(30), delegate: DANA });
    expect(await home(BEN)).toContain('Your delegate is <@U0DANA>.');
  });

  it('is told by direct message once, and may refuse', async () => {
    await set(BEN, { until: day(2), delegate: DANA });
    const told = desk.slack.directMessages(DANA).at(-1);
    expect(told?.text).toMatch(
      /^<@U0BEN> is out until the end of .* and named you to approve in their place\./,
    );
    const before = desk.slack.directMessages(DANA).length;
    await set(BEN, { until: day(2), delegate: DANA });
    expect(desk.slack.directMessages(DANA)).toHaveLength(before);
    await desk.slack.press(DANA, told?.ts ?? '', 'refuse_delegation');
    await desk.cloud.settled();
    expect(desk.slack.directMessages(BEN).at(-1)?.text).toContain(
      '<@U0DANA> does not approve in your place.',
    );
    expect(await home(BEN)).toContain('You have no delegate.');
  });

  it('is in the audit: who was named, for how long, and who refused', async () => {
    const today = day(0);
    const entries = await exportedEntries(desk.cloud, '--from', today, '--to', today);
    const settings = entries.filter(({ approval }) => approval === undefined);
    const named = { action: 'changed_settings', by: BEN, settings: { delegate: DANA, outUntil: day(2) } };
    expect(settings.slice(-3)).toMatchObject([
      named,
      named,
      { action: 'refused_delegation', by: DANA, delegateFor: BEN },
    ]);
  });

  it('is mentioned by the request, which does not name the person who is out as one who may approve', async () => {
    await set(BEN, { until: day(1), delegate: DANA });
    const message = await desk.ask('/trade AMZN 2');
    expect(message.text).toMatch(/\nNeeds approval from <@U0CHLOE>, or <@U0DANA> for <@U0BEN> by /);
    await desk.press(BEN, message, 'approve');
    const told = desk.privately(BEN).at(-1);
    expect(told).toMatch(
      /you are out of office until the end of .* \(Etc\/UTC\)\. <@U0CHLOE>, or <@U0DANA> for <@U0BEN> can approve it\./,
    );
    expect(told).toMatch(/If you are back, change this in the Home of this app/);
    await desk.press(BEN, message, 'decline');
    expect(JSON.stringify(desk.slack.modal(BEN))).toContain("You can't decline *");
    expect(JSON.stringify(desk.slack.modal(BEN))).toContain('you are out of office until');
    desk.slack.closeModal(BEN);
    await desk.slack.say(BEN, `/trade cancel ${await lastName()}`);
    await desk.cloud.settled();
    expect(desk.privately(BEN).at(-1)).toContain('you are out of office until');
    await desk.press(DANA, message, 'approve');
    expect(desk.now(message).text).toMatch(/Approved by <@U0DANA> for <@U0BEN> /);
  });

  it('is mentioned once in the thread if somebody goes out while a request waits, also after a failure', async () => {
    await set(BEN, { until: '', delegate: '' });
    await desk.cloud.advance(6 * MINUTE);
    const message = await desk.ask('/trade AMZN 2');
    expect(message.text).toMatch(/\nNeeds approval from <@U0BEN> or <@U0CHLOE> by /);
    await set(BEN, { until: day(1), delegate: DANA });
    desk.slack.refuse('chat.postMessage', 'ratelimited', { times: 1, retryAfterSeconds: 5 });
    await desk.cloud.advance(7 * MINUTE);
    expect(desk.now(message).text).toMatch(/\nNeeds approval from <@U0CHLOE>, or <@U0DANA> for <@U0BEN> by /);
    const mentions = () => desk.replies(message).filter(({ text }) => text.startsWith(':wave:'));
    expect(mentions()).toMatchObject([
      {
        text: expect.stringMatching(
          /^:wave: <@U0DANA>: <@U0BEN> is out, so you may approve \*.* in their place, until /,
        ),
      },
    ]);
    await desk.cloud.advance(2 * MINUTE);
    expect(mentions()).toHaveLength(1);
    await desk.decline(DANA, message);
    await set(BEN, { until: '', delegate: '' });
    await desk.cloud.advance(6 * MINUTE);
  });

  it('is told by the person who is back, that the request follows within five minutes', async () => {
    await set(BEN, { until: day(1), delegate: '' });
    await desk.cloud.advance(6 * MINUTE);
    const message = await desk.ask('/trade AMZN 2');
    expect(message.text).toMatch(/\nNeeds approval from <@U0CHLOE> by /);
    await set(BEN, { until: '', delegate: '' });
    await desk.press(BEN, message, 'approve');
    expect(desk.privately(BEN).at(-1)).toContain(
      'out of office until a moment ago. Press again in five minutes.',
    );
    await desk.cloud.advance(6 * MINUTE);
    await desk.press(BEN, message, 'approve');
    expect(desk.now(message).text).toMatch(/^Filled/);
  });

  it('loses the right at the next look once they may not approve any more', async () => {
    await set(BEN, { until: day(1), delegate: DANA });
    desk.slack.setGroup('S0RISK', [BEN, CHLOE, DANA, EVE]);
    const message = await desk.ask('/trade AMZN 2');
    await desk.cloud.advance(MINUTE);
    const waitsForDana = /Needs your approval.*(Buy|Sell) 2 AMZN.*Waiting on others/;
    expect(await home(DANA)).toMatch(waitsForDana);
    desk.slack.deactivate(DANA);
    await desk.cloud.advance(6 * MINUTE);
    expect(await home(DANA)).not.toMatch(waitsForDana);
    await desk.press(DANA, message, 'approve');
    expect(desk.privately(DANA).at(-1)).toContain('your account is deactivated.');
    expect(hasButtons(desk.now(message))).toBe(true);
    await desk.decline(CHLOE, message);
  });
});
