// Tests executions in which a call of a state to SQS or SNS fails once with status 500: before the call is carried out,
// or after, so that the message is delivered although the state is retried.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BEN, CHLOE, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

let desk: TradingDesk;

beforeAll(async () => {
  desk = await openTradingDesk();
});

afterAll(() => desk.stop());

/** Longer than all retries of a state. */
const RETRIES_MS = 2 * 60_000;

const filled = async (): Promise<void> => {
  await desk.cloud.advance(RETRIES_MS);
  const { status, output = '{}' } = await desk.execution(await desk.lastExecution());
  expect(status).toBe('SUCCEEDED');
  expect(JSON.parse(output)).toMatchObject({ result: { outcome: 'done' } });
};

describe.each(['before', 'after'] as const)(
  'SQS answers with an error %s it delivers a request',
  (moment) => {
    it('asks once, and trades once it is approved', async () => {
      desk.cloud.failNextTask('SQS', moment);
      const before = desk.posts().length;
      await desk.slack.say('U0ANA', '/trade AMZN 10');
      await desk.cloud.advance(RETRIES_MS);
      const asked = desk.posts().slice(before);
      expect(asked).toHaveLength(1);
      const [message] = asked;
      if (message) await desk.press(BEN, message, 'approve');
      await filled();
      expect(desk.posts().slice(before)).toHaveLength(1);
    });
  },
);

describe('SQS answers with an error after it delivers a request', () => {
  it('keeps an approval that was given before the state was retried', async () => {
    desk.cloud.failNextTask('SQS', 'after');
    const message = await desk.ask('/trade AMZN 10');
    await desk.press(BEN, message, 'approve');
    await filled();
    expect(desk.now(message).text).toMatch(/^Filled: /);
    expect(desk.privately(CHLOE)).toEqual([]);
  });

  it('ignores the message of the first attempt if it is delivered again', async () => {
    desk.cloud.failNextTask('SQS', 'after');
    const message = await desk.ask('/trade AMZN 10');
    const count = desk.posts().length;
    await desk.redeliver('Requests');
    await desk.cloud.advance(RETRIES_MS);
    await desk.redeliver('Requests');
    expect(desk.posts()).toHaveLength(count);
    await desk.press(BEN, message, 'approve');
    await filled();
  });
});

it.each(['before', 'after'] as const)(
  'SNS answers with an error %s it delivers a result: people are told once',
  async (moment) => {
    const message = await desk.ask('/trade AMZN 10');
    desk.cloud.failNextTask('SNS', moment);
    await desk.press(BEN, message, 'approve');
    await filled();
    expect(
      desk.replies(message).filter(({ text }) => text.includes('Bought') || text.includes('Sold')),
    ).toHaveLength(1);
  },
);
