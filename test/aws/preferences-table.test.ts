// Tests the settings of people against a real DynamoDB engine: who is out of office, and their delegates.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PreferencesTable } from '../../aws/preferences-table.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';

const NOW = new Date('2026-11-02T10:00:00.000Z');
const out = { directMessages: true, outUntil: '2026-11-02', delegate: 'U0CHLOE' } as const;
let tables: TestTables;
let people: PreferencesTable;

beforeEach(async () => {
  tables = await startTables();
  ({ people } = tables);
});

afterEach(() => tables.close());

describe('preferences table', () => {
  it('sends direct messages to people who have set nothing', async () => {
    expect(await people.preferences('U0BEN', NOW)).toEqual({ directMessages: true });
  });

  it('returns what a person has set, until the out-of-office period has ended', async () => {
    await people.setPreferences('U0BEN', { ...out, directMessages: false });
    expect(await people.preferences('U0BEN', NOW)).toEqual({ ...out, directMessages: false });
    const later = new Date('2026-11-03T00:00:00.000Z');
    expect(await people.preferences('U0BEN', later)).toEqual({ directMessages: false });
    expect(await people.preferences('U0CHLOE', NOW)).toEqual({ directMessages: true });
  });

  it('stores settings without a delegate', async () => {
    await people.setPreferences('U0BEN', { ...out, delegate: undefined });
    expect(await people.preferences('U0BEN', NOW)).toEqual({ directMessages: true, outUntil: out.outUntil });
  });

  it('removes the delegate that is named, for that period while it lasts, and no other', async () => {
    const remove = (person: string, delegate: string, outUntil: string = out.outUntil, now = NOW) =>
      people.removeDelegate(person, delegate, outUntil, now);
    await people.setPreferences('U0BEN', out);
    expect(await remove('U0BEN', 'U0CHLOE', '2026-11-01')).toBe(false);
    expect(await remove('U0BEN', 'U0CHLOE', undefined, new Date('2026-11-03T00:00:00.000Z'))).toBe(false);
    expect(await remove('U0BEN', 'U0DANA')).toBe(false);
    expect(await remove('U0DANA', 'U0CHLOE')).toBe(false);
    expect(await people.preferences('U0BEN', NOW)).toEqual(out);
    expect(await remove('U0BEN', 'U0CHLOE')).toBe(true);
    expect(await people.preferences('U0BEN', NOW)).toEqual({ directMessages: true, outUntil: out.outUntil });
    expect(await remove('U0BEN', 'U0CHLOE')).toBe(false);
  });

  it('lists the people who are out today', async () => {
    await people.setPreferences('U0BEN', out);
    await people.setPreferences('U0CHLOE', { ...out, outUntil: '2026-11-01' });
    await people.setPreferences('U0DANA', { directMessages: false });
    expect(await people.outOfOffice(NOW)).toEqual([{ person: 'U0BEN', ...out }]);
  });
});
