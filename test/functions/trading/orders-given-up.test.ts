// Tests that an order that was given up is never filled, and that the ledger warns before it is full.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OPENING_ACCOUNT } from '../../../domain/trading/paper-account.ts';
import { amendment } from '../../support/amendments.ts';
import { NOW, quoteAt, startBroker, terms, type TestBroker } from './approved-trade.ts';

let broker: TestBroker;
beforeAll(async () => {
  broker = await startBroker();
});
beforeEach(async () => {
  broker.market.pressed = quoteAt(182.2);
  broker.market.now = quoteAt(182.2);
  broker.logged.length = 0;
  await broker.setAccount();
});
afterAll(() => broker.close());

describe('an order that was given up', () => {
  it('a late worker fills nothing after another said for good that the approval is too old and nothing was traded', async () => {
    const input = await broker.approve();
    // The first worker is slow: it passed the check of the time, and Step Functions retries the state meanwhile.
    const said: unknown[] = [];
    const place: TestBroker['ledger']['place'] = async (...order) => {
      const tooLate = () => new Date(NOW.getTime() + 3_600_000);
      said.push(await broker.run('buy', input, { now: tooLate }));
      return broker.ledger.place(...order);
    };
    const ledger = { ...broker.ledger, place };
    await broker.run('buy', input, { ledger }).catch(() => {});
    expect(said).toMatchObject([
      { result: { outcome: 'unfilled', text: expect.stringContaining('The approval is too old') } },
    ]);
    expect((await broker.ledger.account()).fills).toEqual({});
  });

  it('says nothing of the price in the request if the request was amended', async () => {
    const tighter = { ...terms, quantity: 9 };
    const facts = [{ label: 'Price', value: 'USD 183.90' }];
    const request = { title: 'Buy 9 AMZN', facts, reason: '' };
    const { result } = await broker.run(
      'buy',
      await broker.approve({ terms: tighter, record: { request, amendments: [amendment()] } }),
    );
    expect(result.text).toMatch(/in all\. At the approval USD 182\.20, limit USD 184\.50\.$/);
  });

  it.each([
    ['orders given up', ''],
    ['orders given up, with notes that are not in English', '価'.repeat(500)],
  ])('warns before the ledger is full of %s', async (_what, note) => {
    broker.market.now = quoteAt(170);
    const input = { note, limitPrice: '184.50' };
    const result = {
      outcome: 'unfilled',
      text: 'x'.repeat(120),
      resubmit: { label: 'Resubmit', input: { note: note || 'n'.repeat(100) } },
    } as const;
    const each = Buffer.byteLength(JSON.stringify(result)) + 75;
    const closed = Object.fromEntries(
      Array.from({ length: Math.floor(392_000 / each) }, (_, index) => [
        `paper-${String(index).padStart(64, '0')}`,
        result,
      ]),
    );
    await broker.setAccount({ ...OPENING_ACCOUNT, closed });
    const output = await broker.run('buy', await broker.approve({ input }));
    expect(output.result.outcome).toBe('unfilled');
    expect(broker.logged).toMatchObject([{ event: 'ledger_nearly_full' }]);
  });
});
