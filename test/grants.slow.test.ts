// Removes every grant of the stack, one at a time: the day must differ without it, or the stack must not start.
import { beforeAll, describe, expect, it } from 'vitest';
import { type Day, differs, seen, wholeDay } from './support/grants.ts';

let untouched: Day;

beforeAll(async () => {
  untouched = await wholeDay();
});

describe('grants', () => {
  it('are tested on a day that is the same twice', async () => {
    expect(await wholeDay()).toEqual(untouched);
  });

  it.concurrent.each(seen)('$name', async (grant) => {
    expect(await differs(grant, untouched)).toBe(true);
  });
});
