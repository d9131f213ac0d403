// Tests that a person's name and e-mail address become one line each.
import { describe, expect, it } from 'vitest';
import { createIdentity } from '../../domain/identity.ts';

describe('createIdentity', () => {
  it('keeps names of every script and e-mail addresses as they are', () => {
    for (const name of ['Ana Śliwa', "Ben O'Neill, Jr.", '山田 太郎', 'دانا'])
      expect(createIdentity(name, 'ana+desk@local.example')).toEqual({
        name,
        email: 'ana+desk@local.example',
      });
  });

  it.each([
    ['line breaks', 'Ana\r\n2026-11-02,U0BEN', 'Ana 2026-11-02,U0BEN'],
    [
      'the separators of lines and paragraphs',
      'Ana\u2028Ben\u2029Dana\u0085Eve\vFred',
      'Ana Ben Dana Eve Fred',
    ],
    ['control characters', 'A\u0000\u001B[31mna\u007F\u009B', 'A [31mna'],
    ['tabs and repeated spaces', '  Ana\t \u00A0 Śliwa ', 'Ana Śliwa'],
    ['changes of the writing direction', 'Ana \u202E \u2066neB\u200F\u061C', 'Ana neB'],
    ['half of a surrogate pair', 'Ana \uD83D', 'Ana \uFFFD'],
  ])('removes %s', (_, given, kept) => {
    expect(createIdentity(given, given)).toEqual({ name: kept, email: kept });
  });

  it('limits the length', () => {
    expect(createIdentity('A'.repeat(10_000), undefined)).toEqual({ name: 'A'.repeat(254) });
  });

  it('keeps a time zone that is known here', () => {
    expect(createIdentity('Ana', undefined, 'America/New_York')).toEqual({
      name: 'Ana',
      timeZone: 'America/New_York',
    });
    expect(createIdentity('Ana', undefined, 'Mars/Olympus')).toEqual({ name: 'Ana' });
    expect(createIdentity('Ana', undefined, '')).toEqual({ name: 'Ana' });
  });

  it('leaves out what is missing or blank', () => {
    expect(createIdentity(undefined, undefined)).toEqual({});
    expect(createIdentity(' \n', '')).toEqual({});
  });
});
