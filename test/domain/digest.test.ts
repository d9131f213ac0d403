import { describe, expect, it } from 'vitest';
import { digest } from '../../domain/digest.ts';

describe('digest', () => {
  it('is the start of the SHA-256 of the text, in hexadecimal', () => {
    expect(digest('abc')).toBe('ba7816bf8f01cfea');
  });
});
