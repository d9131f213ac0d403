// Tests how entries are added to the audit and copied to the bucket.
import { describe, expect, it } from 'vitest';
import type { AuditCopies } from '../../aws/audit-copies.ts';
import { type AuditEntry, entriesOf, settingsEntry } from '../../domain/audit.ts';
import { copyEntry, logDifference, recordEntries, tryToCopy } from '../../functions/copy-entry.ts';
import { approval } from '../support/approvals.ts';
import { memoryCopies } from '../support/memory-copies.ts';

const AT = '2026-11-02T10:05:00.000Z';
const made = approval({
  history: [{ action: 'approved', by: 'U0BEN', at: AT }],
  escalationSteps: { reminder: { at: AT, ts: '1.2' } },
});
const entries = entriesOf(made);

describe('recordEntries', () => {
  it('adds the name and the address of the person who acted, and asks for nobody else', async () => {
    const asked: string[] = [];
    const recorded = await recordEntries(entries, {
      audit: { record: async (entry) => entry },
      identityOf: async (user) => {
        asked.push(user);
        return user === 'U0BEN' ? { name: 'Ben', email: 'ben@local.example' } : undefined;
      },
    });
    expect(asked).toEqual(['U0BEN', 'U0ANA']);
    const identities = recorded.map(({ stored: { action, byName, byEmail } }) => [action, byName, byEmail]);
    expect(identities).toEqual([
      ['approved', 'Ben', 'ben@local.example'],
      ['requested', undefined, undefined],
      ['reminded', undefined, undefined],
    ]);
  });

  it('returns what the approval says, and what the table contains', async () => {
    const [entry] = entries;
    if (!entry) throw new Error('There is no entry.');
    const recorded = await recordEntries([entry], {
      audit: { record: async () => ({ ...entry, by: 'U0EVE' }) },
      identityOf: async () => undefined,
    });
    expect(recorded).toMatchObject([{ derived: { by: 'U0BEN' }, stored: { by: 'U0EVE' } }]);
  });
});

describe('copyEntry', () => {
  it('logs no difference between a stored entry and an entry with fields that are undefined', async () => {
    const copies = memoryCopies();
    const logged: string[] = [];
    const stored = settingsEntry('U0BEN', AT, { directMessages: true });
    const derived = { ...stored, settings: { directMessages: true, delegate: undefined } };
    await copyEntry({ derived, stored }, { copies, log: (event) => void logged.push(event) });
    expect([...copies.entries.values()]).toEqual([stored]);
    expect(logged).toEqual([]);
  });
});

describe('tryToCopy', () => {
  const recorded = entries.map((entry) => ({ derived: entry, stored: entry as AuditEntry }));

  it('copies the other entries if one cannot be copied, returns that one, and logs why once', async () => {
    const written: string[] = [];
    const logged: object[] = [];
    const copies: AuditCopies = {
      put: async ({ action }) => {
        if (action !== 'requested') throw new Error(`S3 is down for ${action}`);
        written.push(action);
      },
    };
    const log = (event: string, fields: object = {}) => void logged.push({ event, ...fields });
    const failed = await tryToCopy(recorded, { copies, log });
    expect(failed.map(({ derived }) => derived.action)).toEqual(['approved', 'reminded']);
    expect(written).toEqual(['requested']);
    expect(logged).toEqual([
      { event: 'audit_not_copied', error: 'Error', message: 'S3 is down for approved' },
    ]);
  });

  it('returns and logs nothing if every entry was copied', async () => {
    const logged: string[] = [];
    const dependencies = { copies: memoryCopies(), log: (event: string) => void logged.push(event) };
    expect(await tryToCopy(recorded, dependencies)).toEqual([]);
    expect(logged).toEqual([]);
  });
});

describe('logDifference', () => {
  it('names the action, its time, and the approval if there is one', () => {
    const logged: object[] = [];
    const log = (event: string, fields: object = {}) => void logged.push({ event, ...fields });
    const [entry] = entries;
    if (entry) logDifference(entry, log);
    logDifference(settingsEntry('U0BEN', AT, { directMessages: true }), log);
    expect(logged).toEqual([
      { event: 'audit_entry_differs', at: AT, action: 'approved', approval: made.id },
      { event: 'audit_entry_differs', at: AT, action: 'changed_settings' },
    ]);
  });
});
