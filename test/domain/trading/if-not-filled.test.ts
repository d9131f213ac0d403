// Tests what the message says of an order that is not filled.
import { expect, it } from 'vitest';
import { ifNotFilled } from '../../../domain/trading/if-not-filled.ts';
import type { TradeTerms } from '../../../domain/trading/trade-terms.ts';

const terms: TradeTerms = {
  version: 2,
  side: 'buy',
  symbol: 'AMZN',
  quantity: 10,
  limitPrice: '184.05',
  timeInForce: 'day',
  account: 'paper',
};

it.each([
  ['day', 300, 'cancelled 5 minutes after it is approved'],
  ['day', 60, 'cancelled a minute after it is approved'],
  ['day', 90, 'cancelled 90 seconds after it is approved'],
  ['day', 1, 'cancelled a second after it is approved'],
  ['ioc', 300, 'cancelled at once'],
] as const)('an order of the kind %s with %d seconds is %s', (timeInForce, workSeconds, value) => {
  expect(ifNotFilled({ ...terms, timeInForce }, workSeconds)).toEqual({
    label: 'If not filled',
    value,
    untilResult: true,
  });
});
