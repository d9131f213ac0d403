// Tests that the terms of a trade stay as they are in every later version: executions that wait for a decision when a
// version is deployed are traded on the terms that an earlier version bound.
import { expect, it } from 'vitest';
import { digestTerms } from '../../../domain/terms.ts';
import { tradeTerms } from '../../../domain/trading/trade-terms.ts';

const recommendation = {
  side: 'buy',
  symbol: 'AMZN',
  quantity: 10,
  quote: { symbol: 'AMZN', price: 182.2, average: 184.79, at: '2026-11-02T10:00:00.000Z' },
  reason: 'AMZN is cheap.',
} as const;

it('version 1 is bound as it was when it was released', () => {
  expect(digestTerms(tradeTerms(recommendation, 'U0ANA'))).toEqual({
    json: '{"price":182.2,"priced_at":"2026-11-02T10:00:00.000Z","quantity":10,"requester":"U0ANA","side":"buy","symbol":"AMZN","version":1}',
    digest: '39aa342c3ebe7bd18d4e1997bee501b35b3318e6f9746bc4ecb537fd2ca350ef',
  });
  expect(digestTerms(tradeTerms(recommendation, undefined)).json).not.toContain('requester');
});
