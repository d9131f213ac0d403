// Tests which day it is where a person is.
import { describe, expect, it } from 'vitest';
import { isTimeZone, localDay } from '../../domain/local-day.ts';

describe('localDay', () => {
  it.each([
    [undefined, '2026-11-30'],
    ['UTC', '2026-11-30'],
    ['Australia/Sydney', '2026-12-01'],
    ['Pacific/Honolulu', '2026-11-30'],
  ])('is the day in the zone %s', (zone, day) => {
    expect(localDay(new Date('2026-11-30T13:00:00.000Z'), zone)).toBe(day);
  });
});

describe('isTimeZone', () => {
  it.each([
    ['America/New_York', true],
    ['Etc/UTC', true],
    ['Mars/Olympus', false],
  ])('knows %s: %s', (name, isKnown) => {
    expect(isTimeZone(name)).toBe(isKnown);
  });
});
