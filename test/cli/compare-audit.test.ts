// Tests how the audit is compared with its copies: what is named, and with which words.
import { describe, expect, it } from 'vitest';
import { keyOf, type StoredCopy } from '../../aws/audit-copies.ts';
import { positionOf, type StoredEntry } from '../../aws/audit-table.ts';
import { compareAudit } from '../../cli/compare-audit.ts';
import { type AuditEntry, settingsEntry, stepEntry } from '../../domain/audit.ts';
import { approval } from '../support/approvals.ts';

const now = new Date('2026-11-02T12:00:00.000Z');
const at = '2026-11-02T10:05:00.000Z';
const step = stepEntry(approval({ history: [{ action: 'approved', by: 'U0BEN', at }] }), 0);
const settings = settingsEntry('U0BEN', at, {
  directMessages: true,
  outUntil: '2026-11-30',
  delegate: 'U0DANA',
});
/** What somebody may have stored, whatever its type. */
const strange = (value: object) => value as unknown as AuditEntry;
const copyOf = (entry: AuditEntry): StoredCopy => ({
  key: keyOf(entry),
  entry,
  copiedAt: new Date('2026-11-02T10:06:30.000Z'),
  hasLaterVersion: false,
});
const itemOf = (entry: AuditEntry): StoredEntry => ({
  month: entry.at.slice(0, 7),
  position: positionOf(entry),
  entry,
});
const compare = (entries: readonly AuditEntry[], copies: readonly StoredCopy[]) =>
  compareAudit(entries.map(itemOf), copies, now);

describe('compareAudit', () => {
  it('finds nothing if every entry equals its copy, whatever the order of fields', () => {
    const reordered = strange(Object.fromEntries(Object.entries(step).toReversed()));
    expect(compare([step, settings], [copyOf(reordered), copyOf(settings)])).toEqual({
      equal: 2,
      waiting: 0,
      findings: [],
    });
  });

  it('names the fields of an entry that was changed', () => {
    const changed = { ...step, by: 'U0EVE', reason: 'OK' };
    expect(compare([changed], [copyOf(step)]).findings).toEqual([
      `changed: ${at} approved by U0BEN in AMZN-3f9c. by is "U0EVE" in the table, and "U0BEN" in the copy; reason is "OK" in the table, and nothing in the copy.`,
    ]);
  });

  it('names an entry that was removed, and one that was inserted', () => {
    expect(compare([settings], [copyOf(step)]).findings).toEqual([
      `removed: ${at} approved by U0BEN in AMZN-3f9c. The bucket has a copy, but the table has no such entry.`,
      `no copy: ${at} changed_settings by U0BEN. The table has this entry, but the bucket has no copy of it.`,
    ]);
  });

  it('names both if the time of an entry was changed', () => {
    const moved = { ...step, at: '2026-11-02T10:06:00.000Z' };
    const [removed, inserted] = compare([moved], [copyOf(step)]).findings;
    expect(removed).toMatch(/^removed: /);
    expect(inserted).toMatch(/^no copy: 2026-11-02T10:06/);
  });

  it('names a copy to which a version or a delete marker was added, also if it equals its entry', () => {
    const replaced = { ...copyOf(step), hasLaterVersion: true };
    expect(compare([step], [replaced])).toMatchObject({
      equal: 1,
      findings: [
        expect.stringMatching(/^overwritten: .* A later version or a delete marker hides the copy\.$/),
      ],
    });
  });

  it('waits fifteen minutes for a copy', () => {
    const of = (time: string) => compare([{ ...settings, at: time }], []);
    expect(of('2026-11-02T11:45:00.001Z')).toMatchObject({ waiting: 1, findings: [] });
    expect(of('2026-11-02T11:45:00.000Z')).toMatchObject({ waiting: 0, findings: [expect.any(String)] });
  });

  it('reports a second entry of the same time and name under another key', () => {
    const forged = { ...itemOf({ ...step, by: 'U0EVE' }), position: `${at} #` };
    const { equal, findings } = compareAudit([forged, itemOf(step)], [copyOf(step)], now);
    expect(equal).toBe(1);
    expect(findings).toEqual([expect.stringMatching(/^no copy: .* approved by U0EVE in AMZN-3f9c/)]);
  });

  it('reports an entry under the key of another month', () => {
    const moved = { ...itemOf(step), month: '2026-10' };
    expect(compareAudit([moved], [], now).findings).toEqual([expect.stringMatching(/^no copy: /)]);
  });

  it('reports a copy whose key is not its own', () => {
    const copy = { ...copyOf(step), key: keyOf(settings) };
    expect(compareAudit([], [copy], now).findings).toEqual([
      expect.stringMatching(/^wrong key: .* Its copy has the key 2026-11\//),
      expect.stringMatching(/^removed: /),
    ]);
  });

  it('reports an entry of the future without a copy', () => {
    const tomorrow = { ...settings, at: '2026-11-03T12:00:00.000Z' };
    expect(compare([tomorrow], [])).toMatchObject({
      waiting: 0,
      findings: [expect.stringMatching(/^no copy: /)],
    });
  });

  it('reports a copy that was written a day after what it says, unless it waited for the end of the execution', () => {
    const copiedAt = new Date('2026-11-03T10:05:00.001Z');
    const late = { ...copyOf(step), copiedAt };
    expect(compare([step], [late])).toMatchObject({
      equal: 1,
      findings: [
        expect.stringMatching(
          /^copied late: .* It was copied on 2026-11-03T10:05:00\.001Z: after an outage, or/,
        ),
      ],
    });
    expect(compare([step], [{ ...late, copiedAt: new Date('2026-11-03T10:05:00.000Z') }]).findings).toEqual(
      [],
    );
    const requested = { ...step, action: 'requested' } as const;
    expect(compare([requested], [{ ...late, key: keyOf(requested), entry: requested }]).findings).toEqual([]);
  });

  it('compares and prints whatever somebody stored', () => {
    const stored = [
      { month: '2026-11', position: '2026-11-02T09:00:00.000Z #', entry: strange({}) },
      itemOf(strange({ ...step, amount: 99999999999999999999n })),
      itemOf({ ...settings, by: 'U0BEN\n412 entries equal their copies.\u001B[2J\u202E' }),
    ];
    const { findings } = compareAudit(stored, [copyOf(step)], now);
    expect(findings).toEqual([
      expect.stringContaining('amount is "99999999999999999999" in the table, and 1822 in the copy.'),
      expect.stringMatching(/^no copy: undefined undefined\./),
      expect.stringMatching(/^no copy: .* by U0BEN\uFFFD412 entries equal their copies\.\uFFFD\[2J\uFFFD\./),
    ]);
  });
});
