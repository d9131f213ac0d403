import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { paperBroker } from '../../../aws/trading/paper-broker.ts';
import { recentRequests } from '../../../aws/trading/recent-requests.ts';
import type { Fact } from '../../../domain/request.ts';
import type { MarketDay, Quote } from '../../../domain/trading/market.ts';
import { OPENING_ACCOUNT, type PaperAccount } from '../../../domain/trading/paper-orders.ts';
import { generateRecommendation } from '../../../functions/trading/generate-recommendation.ts';
import { preTradeCheck, type PreTradeCheckDependencies } from '../../../functions/trading/pre-trade-check.ts';
import { startDynamoDB, type TestDynamoDB } from '../../support/dynamodb.ts';
import { quoteAt, terms } from './approved-trade.ts';

const START = Date.parse('2026-11-02T10:05:30.000Z');
const MINUTE = 60_000;
const limits = { symbols: ['AMZN', 'NVDA'], restricted: ['NVDA'], maxAmount: 100_000 };
const recommend = generateRecommendation({ defaultQuantity: 10, priceBandPercent: 1 });
let dynamodb: TestDynamoDB | undefined;
let check: ReturnType<typeof preTradeCheck>;
let clock = START;
let quote: Quote | undefined;
let count = 0;

const day: MarketDay = {
  low: 180.4,
  high: 183.1,
  previousClose: 185,
  lastHour: [
    { at: '2026-11-02T10:02:00.000Z', price: 181.9 },
    { at: '2026-11-02T10:05:00.000Z', price: 182.2 },
  ],
};

beforeEach(async () => {
  dynamodb?.close();
  dynamodb = await startDynamoDB('Ledger', 'account');
  clock = START;
  quote = quoteAt(182.2);
  check = preTradeCheck(dependencies());
});

afterAll(() => dynamodb?.close());

function dependencies(): PreTradeCheckDependencies {
  if (!dynamodb) throw new Error('There is no database yet.');
  const { client } = dynamodb;
  return {
    broker: {
      ...paper(),
      day: async () => day,
      quote: async () => quote && { ...quote, at: new Date(clock).toISOString() },
    },
    recent: recentRequests(client, 'Ledger'),
    limits,
    now: () => new Date(clock),
  };
}

function paper() {
  if (!dynamodb) throw new Error('There is no database yet.');
  return paperBroker(dynamodb.client, 'Ledger', () => new Date(clock));
}

async function withAccount(account: Partial<PaperAccount>): Promise<void> {
  const Item = marshall({ account: 'paper', revision: 1, ...OPENING_ACCOUNT, ...account });
  await dynamodb?.client.send(new PutItemCommand({ TableName: 'Ledger', Item }));
}

/** The state's input, in an execution of its own. */
async function requested(ticket: object = {}) {
  const Input = await recommend({
    symbol: 'AMZN',
    side: 'buy',
    stock_price: 182.2,
    bid: 182.18,
    ask: 182.22,
    average_price: 181,
    priced_at: '2026-11-02T10:05:00.000Z',
    requestedBy: 'U0ANA',
    ...ticket,
  });
  const ExecutionId = `arn:aws:states:us-east-1:000000000000:execution:trading:run-${(count += 1)}`;
  return { Input, ExecutionId, WorkSeconds: 300 };
}

async function warningsOf(input: Awaited<ReturnType<typeof requested>>): Promise<readonly Fact[]> {
  const output = await check(input);
  const facts = output.request.facts as readonly Fact[];
  expect(facts.slice(0, 3)).toEqual(input.Input.request.facts);
  return facts.filter(({ label }) => label.startsWith('⚠️'));
}

describe('preTradeCheck', () => {
  it('returns its input for a trade that can be placed', async () => {
    const input = await requested();
    const { request } = input.Input;
    const effects = [
      { label: "Day's range", value: 'USD 180.40 to 183.10, −1.51 % on the day' },
      { label: 'If not filled', value: 'cancelled 5 minutes after it is approved', untilResult: true },
      { label: 'Position if filled', value: 'from 1,000 to 1,010', untilResult: true },
      { label: 'Cash if filled', value: 'at least USD 998,159.50', untilResult: true },
    ];
    const chart = {
      title: 'AMZN in the last hour (UTC)',
      labels: ['10:02', '10:05'],
      series: [
        { name: 'Price', values: [181.9, 182.2] },
        { name: 'Limit', values: [184.05, 184.05] },
      ],
      unit: 'USD a share',
    };
    const output = {
      ...input.Input,
      request: { ...request, facts: [...request.facts, ...effects], chart },
    };
    expect(await check(input)).toEqual(output);
  });

  it.each<[string, object, string]>([
    [
      'more shares than are held',
      { side: 'sell', quantity: 545 },
      'Insufficient position: 540 held. Try “/trade sell AMZN 540”.',
    ],
    [
      'a sale at a limit',
      { side: 'sell', quantity: 545, limitPrice: '183.00' },
      'Insufficient position: 540 held. Try “/trade sell AMZN 540 limit 183.00”.',
    ],
    [
      'a sale that is immediate or cancel',
      { side: 'sell', quantity: 545, limitPrice: '183.00', timeInForce: 'ioc' },
      'Insufficient position: 540 held. Try “/trade sell AMZN 540 limit 183.00 ioc”.',
    ],
    [
      'more than the cash',
      { quantity: 300 },
      'Insufficient cash: needs USD 55,215.00, has USD 20,000.00. Try “/trade buy AMZN 104”.',
    ],
    [
      'more than anybody may approve',
      { quantity: 1_000_000 },
      'Above the USD 100,000 limit: 1,000,000 AMZN amount to USD 184,050,000.00. Try “/trade buy AMZN 104”.',
    ],
    [
      'a limit far from the market',
      { limitPrice: '150.00' },
      'The limit of USD 150.00 is 17.67 % from the market (maximum 5 %; bid USD 182.18, ask USD 182.22). Try “/trade buy AMZN 10”.',
    ],
    ['a restricted symbol', { symbol: 'NVDA' }, 'NVDA is restricted and cannot be traded now.'],
    [
      'a symbol that is not listed',
      { symbol: 'BRK.B' },
      'BRK.B is not a symbol that can be traded here. You can trade AMZN, NVDA.',
    ],
  ])('refuses %s, and says what would be possible', async (_, ticket, text) => {
    await withAccount({ positions: { AMZN: 540 }, cash: 2_000_000 });
    const input = await requested(ticket);
    await expect(check(input)).rejects.toMatchObject({ name: 'TradeRefused', message: text });
  });

  it.each<[string, object, object, string]>([
    [
      'shares that an open order sells',
      { side: 'sell', quantity: 540, limitPrice: '9999.00' },
      { side: 'sell', quantity: 500 },
      'Insufficient position: 460 held. Try “/trade sell AMZN 460”.',
    ],
    [
      'cash that an open order needs',
      { side: 'buy', quantity: 10_000, limitPrice: '99.50' },
      { quantity: 100 },
      'Insufficient cash: needs USD 18,405.00, has USD 5,000.00. Try “/trade buy AMZN 26”.',
    ],
  ])('does not count %s', async (_, open, ticket, text) => {
    await paper().place({ ...terms, id: 'paper-open', ...open });
    await expect(check(await requested(ticket))).rejects.toMatchObject({
      name: 'TradeRefused',
      message: text,
    });
  });

  it('refuses a trade without a quote', async () => {
    quote = undefined;
    await expect(check(await requested())).rejects.toMatchObject({
      name: 'TradeRefused',
      message: 'There is no quote for AMZN now. Try again in a few minutes.',
    });
  });

  it.each([
    ['buy', '182.00', 'the limit is below the ask of USD 182.22'],
    ['sell', '182.50', 'the limit is above the bid of USD 182.18'],
  ])('warns if the limit to %s would not fill now', async (side, limitPrice, value) => {
    expect(await warningsOf(await requested({ side, limitPrice }))).toEqual([
      { label: '⚠️ Would not fill now', value, untilResult: true },
    ]);
  });

  it.each([
    ['buy', '182.22'],
    ['sell', '182.18'],
  ])('does not warn if the limit to %s just fills', async (side, limitPrice) => {
    expect(await warningsOf(await requested({ side, limitPrice }))).toEqual([]);
  });
});

describe('the same trade again', () => {
  const warning = [
    {
      label: '⚠️ Possible duplicate',
      value: 'buy 10 AMZN was requested before',
      at: '2026-11-02T10:05:30.000Z',
    },
  ];

  it('by the same person within ten minutes is warned about, whatever its limit', async () => {
    expect(await warningsOf(await requested())).toEqual([]);
    clock += 10 * MINUTE;
    expect(
      await warningsOf(await requested({ timeInForce: 'ioc', limitPrice: '183.00', note: 'Again' })),
    ).toEqual(warning);
  });

  it('is named by its side and its shares', async () => {
    quote = quoteAt(50);
    const ticket = { side: 'sell', quantity: 1_000, limitPrice: '49.50' };
    await check(await requested(ticket));
    expect(await warningsOf(await requested(ticket))).toEqual([
      { ...warning[0], value: 'sell 1,000 AMZN was requested before' },
    ]);
  });

  it('after ten minutes is not', async () => {
    await check(await requested());
    clock += 10 * MINUTE + 1;
    expect(await warningsOf(await requested())).toEqual([]);
  });

  it.each([{ requestedBy: 'U0BEN' }, { side: 'sell' }, { quantity: 11 }, { requestedBy: undefined }])(
    'is not the same trade if it has %o',
    async (difference) => {
      await check(await requested());
      expect(await warningsOf(await requested(difference))).toEqual([]);
    },
  );

  it('of nobody is never the same', async () => {
    await check(await requested({ requestedBy: undefined }));
    expect(await warningsOf(await requested({ requestedBy: undefined }))).toEqual([]);
  });

  it('is not warned about if the state is retried', async () => {
    const input = await requested();
    const first = await check(input);
    clock += MINUTE;
    expect(await check(input)).toEqual(first);
    const second = await requested();
    expect(await warningsOf(second)).toEqual(warning);
    clock += MINUTE;
    expect(await warningsOf(second)).toEqual(warning);
  });

  it('is not warned about if the first one was refused', async () => {
    quote = undefined;
    await expect(check(await requested())).rejects.toThrow('no quote');
    quote = quoteAt(182.2);
    expect(await warningsOf(await requested())).toEqual([]);
  });
});
