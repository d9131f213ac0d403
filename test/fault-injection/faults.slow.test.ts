// Plays a 29th of the fault table, another each day, and a case of each state of the world, and removes every guard that
// makes them hold. All cases: npm run faults.
import { beforeAll, describe, inject, it } from 'vitest';
import { record, type Row } from '../../fault-injection/cases.ts';
import {
  checkGuard,
  checkPart,
  checkStateGuard,
  checkStates,
  guards,
  partOfToday,
  stateGuards,
} from './guards.ts';

const PARTS = 29;

let rows: readonly Row[];

beforeAll(async () => {
  rows = await record(inject('assembly'));
}, 120_000);

describe('fault table', () => {
  it(`holds in part ${partOfToday(PARTS)} of ${PARTS}`, { timeout: 300_000 }, () => checkPart(rows, PARTS));

  it.each(guards)('breaks without $guard', { timeout: 120_000 }, (guard) => checkGuard(guard));
});

describe('states of the world', () => {
  it('hold in one case each', { timeout: 120_000 }, () => checkStates());

  it.each(stateGuards)('break without $guard', { timeout: 120_000 }, (guard) => checkStateGuard(guard));
});
