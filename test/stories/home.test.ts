// Tests Home and its settings through the front door: pending requests, decisions there, and delegation.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANA, BEN, CHLOE, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

const DANA = 'U0DANA';
const MINUTE = 60_000;
let desk: TradingDesk;

beforeAll(async () => {
  desk = await openTradingDesk();
});

afterAll(() => desk.stop());

/** What that person reads in Home, a line a block. */
async function home(person: string): Promise<readonly string[]> {
  await desk.slack.openHome(person);
  await desk.cloud.settled();
  const blocks = desk.slack.home(person)?.blocks ?? [];
  return blocks.map((block) => ('text' in block && block.text ? block.text.text : block.type));
}

async function pressInHome(person: string, action: string, value = ''): Promise<void> {
  await desk.slack.press(person, desk.slack.home(person)?.id ?? '', action, value ? { value } : {});
  await desk.cloud.settled();
}

/** The value of the button with which this person decides about that. */
function valueOf(person: string, action: string): string {
  const blocks = JSON.stringify(desk.slack.home(person)?.blocks);
  return JSON.parse(
    `"${new RegExp(`"action_id":"${action}".*?"value":"((?:[^"\\\\]|\\\\.)*)"`).exec(blocks)?.[1] ?? ''}"`,
  );
}

async function set(
  person: string,
  values: Readonly<Record<string, string | readonly string[]>>,
): Promise<void> {
  await home(person);
  await pressInHome(person, 'settings');
  await desk.slack.submit(person, values);
  await desk.cloud.settled();
}

const today = () => new Date(desk.clock.now()).toISOString().slice(0, 10);

describe('Home', () => {
  it('that Slack refuses to publish for a person is logged, and the event is not sent again', async () => {
    desk.slack.refuse('views.publish', 'invalid_arguments');
    expect(await desk.slack.openHome('U0SAM')).toMatchObject({ status: 200 });
    desk.slack.stopFailing('views.publish');
    const lines = desk.events
      .map(({ line }) => String(line))
      .filter((line) => line.includes('"home_not_published"'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ person: 'U0SAM' }]);
    expect(lines[0]).not.toContain('remedy');
  });

  it('shows what is pending for the viewer, takes a decision there, and refreshes immediately', async () => {
    expect(await home(BEN)).toContain('Nothing needs your approval.');
    const message = await desk.ask('/trade AMZN 2');
    const seen = await home(BEN);
    expect(seen.indexOf('actions')).toBeLessThan(seen.indexOf('Waiting on others'));
    expect(seen.join('\n')).toMatch(/Needs your approval\n\*Pending: (Buy|Sell) 2 AMZN, .*\nNeeds approval /);
    expect((await home(ANA)).join('\n')).toMatch(/Waiting on others\n\*Pending: (Buy|Sell) 2 AMZN,/);
    await pressInHome(BEN, 'approve');
    expect(desk.now(message).text).toMatch(/^Filled: .*\nApproved by <@U0BEN>/);
    const after = desk.slack.home(BEN)?.blocks ?? [];
    expect(JSON.stringify(after)).toContain('Nothing needs your approval.');
    expect((await home(CHLOE)).join('\n')).toMatch(/Recent decisions\n\*Filled: (Buy|Sell) 2 AMZN\*/);
  });

  it('takes a decline with a reason, and answers a refusal by direct message', async () => {
    const message = await desk.ask('/trade AMZN 3');
    await home(CHLOE);
    await home(BEN);
    const value = valueOf(BEN, 'approve');
    await pressInHome(CHLOE, 'decline');
    await desk.slack.submit(CHLOE, { reason: 'Not today' });
    await desk.cloud.settled();
    expect(desk.now(message).text).toMatch(/^Declined: .*\nDeclined by <@U0CHLOE> .*: “Not today”/);
    await pressInHome(BEN, 'approve', value);
    expect(desk.slack.directMessages(BEN).at(-1)?.text).toMatch(/^Already decided\. Declined: /);
  });

  it('asks the delegate of a person who is out of office, and records that', async () => {
    await set(BEN, { until: today(), delegate: DANA });
    expect((await home(BEN)).join('\n')).toMatch(
      /You are out until the end of .*\. Your delegate is <@U0DANA>\./,
    );
    const message = await desk.ask('/trade AMZN 4');
    await desk.press(BEN, message, 'approve');
    expect(desk.privately(BEN).at(-1)).toMatch(/^You can't approve \*/);
    await desk.press(DANA, message, 'approve');
    expect(desk.now(message).text).toMatch(/^Filled: .*\nApproved by <@U0DANA> for <@U0BEN> /);
    const { output = '' } = await desk.execution(await desk.lastExecution());
    expect(JSON.parse(output).approval.votes).toMatchObject([{ by: DANA, for: BEN }]);
  });

  it('allows no delegation that bypasses the policy', async () => {
    await set(BEN, { until: today(), delegate: CHLOE });
    const large = await desk.ask('/trade AMZN 500');
    await desk.press(CHLOE, large, 'approve');
    await desk.press(CHLOE, large, 'approve');
    expect(desk.now(large).text).toMatch(/^1 of 2 approvals: /m);
    await desk.decline(CHLOE, large);
  });

  it('removes a person who goes out of office while a request is pending', async () => {
    const message = await desk.ask('/trade AMZN 6');
    await set(BEN, { until: today(), delegate: DANA });
    await desk.cloud.advance(6 * MINUTE);
    await desk.press(DANA, message, 'approve');
    expect(desk.now(message).text).toMatch(/^Filled: .*\nApproved by <@U0DANA> for <@U0BEN>/);
  });

  it('shows an error at the field for invalid settings', async () => {
    await home(CHLOE);
    await pressInHome(CHLOE, 'settings');
    await desk.slack.submit(CHLOE, { until: '2020-01-01' });
    expect(JSON.stringify(desk.slack.modal(CHLOE))).toContain('This day is over');
    await desk.slack.submit(CHLOE, { until: today(), delegate: CHLOE });
    expect(JSON.stringify(desk.slack.modal(CHLOE))).toContain('You cannot be your own delegate');
    desk.slack.closeModal(CHLOE);
  });

  it('sends no direct message to people who have switched them off', async () => {
    await set(ANA, { direct: [] });
    const before = desk.slack.directMessages(ANA).length;
    const message = await desk.ask('/trade AMZN 7');
    await desk.press(CHLOE, message, 'approve');
    expect(desk.now(message).text).toMatch(/^Filled/);
    expect(desk.slack.directMessages(ANA)).toHaveLength(before);
  });
});
