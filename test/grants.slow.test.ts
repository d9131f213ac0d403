// Takes every grant of the stack away alone: the day must differ without it, or the stack must not start.
import { beforeAll, expect, it } from 'vitest';
import { type Day, differs, seen, wholeDay } from './support/grants.ts';

let untouched: Day;

beforeAll(async () => {
  untouched = await wholeDay();
});

it('is the same day twice', async () => {
  expect(await wholeDay()).toEqual(untouched);
});

it.concurrent.each(seen)('$name', async (grant) => {
  expect(await differs(grant, untouched)).toBe(true);
});
