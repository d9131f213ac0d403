import { expect, it } from 'vitest';
import { monthsFrom } from '../../domain/months.ts';

it('lists the months of a range, across the end of a year', () => {
  expect(monthsFrom('2026-11-30', '2027-02-01')).toEqual(['2026-11', '2026-12', '2027-01', '2027-02']);
  expect(monthsFrom('2026-11', '2026-12')).toEqual(['2026-11', '2026-12']);
  expect(monthsFrom('2026-11-01', '2026-11-30')).toEqual(['2026-11']);
  expect(monthsFrom('2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00.000Z')).toEqual(['2026-12', '2027-01']);
});
