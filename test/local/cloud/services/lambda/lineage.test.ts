// Tests how recursive loop detection counts the invocations of a chain of requests.
import { describe, expect, it } from 'vitest';
import { batchHeader, invocationHeader, isLoop } from '../../../../../local/cloud/services/lambda/lineage.ts';

/** The header after so many invocations of the function. */
function after(invocations: number, functionName = 'relay', header?: string): string | undefined {
  let current = header;
  for (let count = 0; count < invocations; count += 1) current = invocationHeader(functionName, current);
  return current;
}

describe('lineage', () => {
  it('is a loop after sixteen invocations of one function', () => {
    expect(isLoop('relay', undefined)).toBe(false);
    expect(isLoop('relay', after(15))).toBe(false);
    expect(isLoop('relay', after(16))).toBe(true);
    expect(isLoop('request', after(16))).toBe(false);
  });

  it('counts each function of a chain for itself', () => {
    const mixed = after(10, 'request', after(10));
    expect(isLoop('relay', after(6, 'relay', mixed))).toBe(true);
    expect(isLoop('request', after(6, 'relay', mixed))).toBe(false);
  });

  it('has in a batch the highest counts of its messages', () => {
    expect(isLoop('relay', batchHeader([undefined, after(1), after(16), after(3)]))).toBe(true);
    expect(batchHeader([undefined, undefined])).toBeUndefined();
  });
});
