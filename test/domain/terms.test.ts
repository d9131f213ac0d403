// Tests the digest of terms.
import { describe, expect, it } from 'vitest';
import { digestTerms } from '../../domain/terms.ts';

describe('digestTerms', () => {
  it('returns canonical JSON and its whole SHA-256', () => {
    // From `printf '{"a":[1,{"x":null,"y":"é"}],"b":182.2}' | sha256sum`.
    expect(digestTerms({ b: 182.2, a: [1, { y: 'é', x: null }] })).toEqual({
      json: '{"a":[1,{"x":null,"y":"é"}],"b":182.2}',
      digest: 'd18ec79096c126cb2be009ea7475573881593a28b9f66bf71bff2ea96bbdf8e7',
    });
  });

  it('ignores the order of members and members without a value, and nothing else', () => {
    const { digest } = digestTerms({ side: 'buy', quantity: 10 });
    expect(digestTerms({ quantity: 10, note: undefined, side: 'buy' }).digest).toBe(digest);
    const others = [
      { side: 'buy', quantity: 11 },
      { side: 'buy', quantity: '10' },
      { side: 'buy', quantity: 10, note: null },
      { side: 'buy' },
      [{ side: 'buy', quantity: 10 }],
    ];
    for (const other of others) expect(digestTerms(other).digest).not.toBe(digest);
  });
});
