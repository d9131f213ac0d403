// Tests that the entries of the bot are copied once, a minute later, and that forged or changed entries are not
// copied.
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditCursor } from '../../aws/audit-cursor.ts';
import type { AuditCopies } from '../../aws/audit-copies.ts';
import {
  type AuditEntry,
  entriesOf,
  refusalEntry,
  refusedDelegationEntry,
  settingsEntry,
  stepEntry,
} from '../../domain/audit.ts';
import { copyNewEntries } from '../../functions/copy-new-entries.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { memoryCopies } from '../support/memory-copies.ts';

const approved = { action: 'approved', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' } as const;
const made = approval({ history: [approved] });
const step = stepEntry(made, 0);
const AT = '2026-11-02T10:05:01.000Z';
const refusal = refusalEntry(made, { action: 'approve', by: 'U0EVE', at: AT, refusal: 'not_an_approver' });
const plain = (value: object): object => JSON.parse(JSON.stringify(value));
let tables: TestTables;
let bucket: ReturnType<typeof memoryCopies>;
let logged: object[] = [];

beforeEach(async () => {
  tables = await startTables();
  bucket = memoryCopies();
  logged = [];
  await tables.approvals.create(made, 'token');
});

afterEach(() => tables.close());

async function copyAt(time: string, copies: AuditCopies = bucket): Promise<void> {
  await copyNewEntries({
    approvals: tables.approvals,
    audit: tables.audit,
    auditCursor: auditCursor(tables.client, 'Approvals'),
    copies,
    now: () => new Date(time),
    log: (event, fields) => void logged.push({ event, ...fields }),
  });
}

const record = (...entries: readonly AuditEntry[]) =>
  Promise.all(entries.map((each) => tables.audit.record(each)));
const copied = () => [...bucket.entries.values()];

describe('copyNewEntries', () => {
  it('copies what people did, what was refused and what they set, once a minute has passed', async () => {
    const refused = refusalEntry(made, {
      action: 'approve',
      by: 'U0EVE',
      at: '2026-11-02T10:05:01.000Z',
      refusal: 'not_an_approver',
    });
    const settings = settingsEntry('U0BEN', '2026-11-02T10:05:02.000Z', { directMessages: true });
    await record(step, refused, settings);
    await copyAt('2026-11-02T10:05:59.999Z');
    expect(copied()).toEqual([]);
    await copyAt('2026-11-02T10:06:59.999Z');
    expect(
      copied()
        .map(({ action, by }) => `${action} ${by}`)
        .toSorted(),
    ).toEqual(['approved U0BEN', 'changed_settings U0BEN', 'was_refused U0EVE']);
    expect(logged).toEqual([]);
  });

  it('starts at the beginning of the current month, and then reads only what is newer than the last run', async () => {
    await record({ ...settingsEntry('U0DANA', '2026-10-31T23:59:59.999Z', { directMessages: true }) });
    await record({ ...settingsEntry('U0DANA', '2026-11-01T00:00:00.000Z', { directMessages: true }) });
    await copyAt('2026-11-02T10:00:00.000Z');
    expect(copied()).toMatchObject([{ at: '2026-11-01T00:00:00.000Z' }]);
    // Somebody inserts an entry whose time has passed.
    await record({ ...settingsEntry('U0EVE', '2026-11-02T09:00:00.000Z', { directMessages: true }) });
    await copyAt('2026-11-02T10:01:00.000Z');
    expect(copied()).toHaveLength(1);
    await record({ ...settingsEntry('U0BEN', '2026-12-01T00:00:00.000Z', { directMessages: true }) });
    await copyAt('2026-12-01T00:01:00.000Z');
    expect(copied()).toHaveLength(1);
    await copyAt('2026-12-01T00:01:00.001Z');
    expect(copied()).toHaveLength(2);
  });

  it('copies no entry that no approval confirms, and logs it', async () => {
    const forged = { ...step, by: 'U0EVE', name: `${made.id}-1` };
    const ofNobody = { ...step, approval: 'approval-0', name: 'approval-0-0' };
    const refusedNowhere = { ...ofNobody, action: 'was_refused', name: 'approval-0-U0EVE' } as const;
    await record(forged, ofNobody, refusedNowhere);
    await copyAt('2026-11-02T10:07:00.000Z');
    expect(copied()).toEqual([]);
    expect(logged).toMatchObject([
      { event: 'audit_entry_differs', approval: 'approval-0', action: 'approved' },
      { event: 'audit_entry_differs', approval: 'approval-0', action: 'was_refused' },
      { event: 'audit_entry_differs', approval: made.id, action: 'approved' },
    ]);
  });

  it.each([{ by: 'U0EVE' }, { amount: 1 }, { decided: 'approved' }, { title: 'Buy 1 AMZN' }] as const)(
    'copies what the approval says if the entry was changed to %o before, and logs it',
    async (change) => {
      await record({ ...step, ...change });
      await copyAt('2026-11-02T10:07:00.000Z');
      expect(copied()).toEqual([step]);
      expect(logged).toMatchObject([{ event: 'audit_entry_differs', action: 'approved' }]);
    },
  );

  it('copies the name and the address that the entry has, and for whom a delegate acted', async () => {
    const named = { ...step, byName: 'Ben', byEmail: 'ben@local.example', delegateFor: 'U0CHLOE' };
    await record(named);
    await copyAt('2026-11-02T10:07:00.000Z');
    expect(copied()).toEqual([named]);
    expect(logged).toEqual([]);
  });

  it.each([
    ['an approval without the approval', { action: 'approved', by: 'U0CHLOE', name: 'x' }],
    ['settings that contain more', { ...settingsEntry('U0BEN', AT, { directMessages: true }), reason: 'x' }],
    ['a refused press of another amount', { ...refusal, amount: 1 }],
    ['a refused press with a number that JSON cannot contain', { ...refusal, amount: 99999999999999999999n }],
    ['an entry without a name', { ...refusal, name: undefined }],
    [
      'a refused press without the approval',
      { ...refusal, approval: 'approval-0', name: 'approval-0-U0EVE-approve' },
    ],
    ['an approval with settings', { ...step, settings: { directMessages: true } }],
    ['an approval with a refusal', { ...step, refused: refusal.refused }],
    ['settings of nobody', { ...settingsEntry('U0BEN', AT, { directMessages: true }), by: undefined }],
    ['settings without the settings', { action: 'changed_settings', by: 'U0BEN', name: 'settings-U0BEN' }],
    ['a refused delegation by nobody', { ...refusedDelegationEntry('U0BEN', AT, 'U0EVE'), by: undefined }],
    [
      'a refused delegation of nobody',
      { ...refusedDelegationEntry('U0BEN', AT, 'U0EVE'), delegateFor: undefined },
    ],
    ['a refused press by nobody', { ...refusal, by: undefined }],
    ['a refused press without its reason', { ...refusal, refused: undefined }],
  ])('copies the true entry or none of %s', async (_, entry) => {
    await record({ at: AT, ...entry } as unknown as AuditEntry);
    await copyAt('2026-11-02T10:07:00.000Z');
    const genuine = [settingsEntry('U0BEN', AT, { directMessages: true }), refusal, step].map(plain);
    for (const copy of copied()) expect(genuine).toContainEqual(plain(copy));
    expect(logged).toHaveLength(1);
  });

  it('copies every action of people', async () => {
    const at = (second: number) => `2026-11-02T10:05:0${second}.000Z`;
    const person = { by: 'U0BEN' };
    const all = approval({
      execution: 'all',
      id: 'approval-all',
      history: [
        { ...person, action: 'approved', at: at(0) },
        { ...person, action: 'undid_approval', at: at(1) },
        { ...person, action: 'declined', at: at(2) },
        { ...person, action: 'cancelled', at: at(3) },
      ],
      executionArn: made.executionArn.replace(made.execution, 'all'),
      resubmitted: { ...person, at: at(4) },
    });
    await tables.approvals.create(all, 'token-all');
    const delegation = refusedDelegationEntry('U0BEN', at(5), 'U0CHLOE');
    await record(...entriesOf(all), delegation);
    await copyAt('2026-11-02T10:07:00.000Z');
    const people = [...entriesOf(all).filter(({ action }) => action !== 'requested'), delegation];
    const byTime = copied().toSorted((one, other) => one.at.localeCompare(other.at));
    expect(byTime.map(plain)).toEqual(people.map(plain));
    expect(people).toHaveLength(6);
    expect(logged).toEqual([]);
  });

  it('copies no entry from the month of another entry', async () => {
    const settings = settingsEntry('U0BEN', '2026-10-31T23:59:59.999Z', { directMessages: true });
    await auditCursor(tables.client, 'Approvals').set('2026-10-31T00:00:00.000Z');
    await tables.client.send(
      new PutItemCommand({
        TableName: 'Audit',
        Item: marshall({ ...settings, month: '2026-11', id: `${settings.at} ${settings.name}` }),
      }),
    );
    await copyAt('2026-11-02T10:07:00.000Z');
    expect(copied()).toEqual([]);
    expect(logged).toMatchObject([{ event: 'audit_entry_differs', action: 'changed_settings' }]);
  });

  it('copies no entry under a key that is not its own', async () => {
    await tables.client.send(
      new PutItemCommand({
        TableName: 'Audit',
        Item: marshall({ ...plain(step), month: '2026-11', id: `${step.at} #` }),
      }),
    );
    await copyAt('2026-11-02T10:07:00.000Z');
    expect(copied()).toEqual([]);
    expect(logged).toMatchObject([{ event: 'audit_entry_differs' }]);
  });

  it('reads the last day again if the cursor is ahead of the clock', async () => {
    await auditCursor(tables.client, 'Approvals').set('2027-01-01T00:00:00.000Z');
    await record(step);
    await copyAt('2026-11-02T10:07:00.000Z');
    expect(copied()).toHaveLength(1);
    expect(logged).toEqual([{ event: 'audit_cursor_ahead', cursor: '2027-01-01T00:00:00.000Z' }]);
    await record(settingsEntry('U0BEN', '2026-11-02T10:07:00.000Z', { directMessages: true }));
    await copyAt('2026-11-02T10:09:00.000Z');
    expect(copied()).toHaveLength(2);
    expect(logged).toHaveLength(1);
  });

  it('reads no day again if two runs are at the same time', async () => {
    await copyAt('2026-11-02T10:07:00.000Z');
    await record(settingsEntry('U0BEN', '2026-11-02T10:05:00.000Z', { directMessages: true }));
    await copyAt('2026-11-02T10:07:00.000Z');
    expect([...copied(), ...logged]).toEqual([]);
  });

  it('copies no entry of relay-result, which copies its own', async () => {
    await record({ ...step, action: 'ended', name: `${made.id}-ended` });
    await copyAt('2026-11-02T10:07:00.000Z');
    expect([...copied(), ...logged]).toEqual([]);
  });

  it('continues after the last group if a run stops halfway', async () => {
    const entries = Array.from({ length: 60 }, (_, index) =>
      settingsEntry(`U${index}`, '2026-11-02T10:05:00.000Z', { directMessages: true }),
    );
    await record(...entries);
    let left = 30;
    const failing: AuditCopies = {
      put: async (entry) => {
        if (left === 0) throw new Error('S3 is down');
        left -= 1;
        await bucket.put(entry);
      },
    };
    await expect(copyAt('2026-11-02T10:07:00.000Z', failing)).rejects.toThrow('S3 is down');
    const puts: AuditEntry[] = [];
    await copyAt('2026-11-02T10:08:00.000Z', {
      put: async (entry) => {
        puts.push(entry);
        await bucket.put(entry);
      },
    });
    expect(copied()).toHaveLength(60);
    // The last entry of the finished group is copied again, and no other.
    expect(puts).toHaveLength(36);
  });
});
