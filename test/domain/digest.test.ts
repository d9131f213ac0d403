import { describe, expect, it } from 'vitest';
import { digest, sha256, sortedJson } from '../../domain/digest.ts';

describe('digest', () => {
  it('is the start of the SHA-256 of the text, in hexadecimal', () => {
    expect(digest('abc')).toBe('ba7816bf8f01cfea');
  });

  it('is whole if no two texts may have the same', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('sortedJson', () => {
  it('does not depend on the order of members, and keeps that of lists', () => {
    const value = { b: 1, a: { d: [{ z: 1, y: 2 }, 3], c: null } };
    expect(sortedJson(value)).toBe('{"a":{"c":null,"d":[{"y":2,"z":1},3]},"b":1}');
    expect(sortedJson({ a: { c: null, d: [{ y: 2, z: 1 }, 3] }, b: 1 })).toBe(sortedJson(value));
  });
});
