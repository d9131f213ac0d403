// Tests how results, resubmissions and ends are stored, against a real DynamoDB engine: the rules are conditional
// writes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Approvals } from '../../aws/approvals-table.ts';
import type { Approval } from '../../domain/approval.ts';
import { newPress } from '../support/action-request.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';

let tables: TestTables;
let approvals: Approvals;
let count = 0;

beforeAll(async () => {
  tables = await startTables();
  ({ approvals } = tables);
});

afterAll(() => tables.close());

const AT = '2026-11-02T10:05:00.000Z';
const LATER = '2026-11-02T10:06:00.000Z';

async function stored(): Promise<Approval> {
  const made = approval({ execution: `run-${(count += 1)}` });
  await approvals.create(made, `token-${made.execution}`);
  return made;
}

/** An approval with a result, on which no work remains. */
async function closed(): Promise<Approval> {
  const made = await stored();
  await approvals.settle(made, { outcome: 'expired' }, new Date(AT));
  await approvals.close(made);
  expect(await isDue(made)).toBe(false);
  return made;
}

async function isDue({ execution }: Approval, at = AT): Promise<boolean> {
  const keys = await Array.fromAsync(approvals.due(new Date(at)));
  return keys.some((key) => key.execution === execution);
}

describe('settle', () => {
  it('keeps every result with a new outcome, and makes the reconciler check it', async () => {
    const made = await closed();
    const expired = (await approvals.get(made)) ?? made;
    await approvals.settle(expired, { outcome: 'failed', text: 'why' }, new Date(LATER));
    expect(await approvals.get(made)).toMatchObject({
      status: 'cancelled',
      result: { outcome: 'failed', text: 'why' },
      results: [{ outcome: 'expired' }, { outcome: 'failed', text: 'why' }],
      settledAt: LATER,
      revision: 3,
    });
    expect(await isDue(made)).toBe(true);
  });

  it('keeps the stored result if the outcome is the same, and the wait for notifications begins again', async () => {
    const made = await stored();
    await approvals.settle(made, { outcome: 'failed', text: 'first' }, new Date(AT));
    await approvals.settle(made, { outcome: 'failed', text: 'second' }, new Date(LATER));
    expect(await approvals.get(made)).toMatchObject({
      results: [{ outcome: 'failed', text: 'first' }],
      settledAt: LATER,
      revision: 2,
    });
  });

  const over = ['done', 'partly', 'unfilled', 'refused'] as const;
  const broken = ['failed', 'cancelled', 'halted'] as const;
  it.each(over.flatMap((first) => broken.map((then) => [first, then] as const)))(
    'does not replace %s by %s',
    async (first, then) => {
      const made = await stored();
      await approvals.settle(made, { outcome: first }, new Date(AT));
      await approvals.settle((await approvals.get(made)) ?? made, { outcome: then }, new Date(LATER));
      expect(await approvals.get(made)).toMatchObject({
        result: { outcome: first },
        results: [{}],
        settledAt: LATER,
      });
    },
  );

  it.each(broken.flatMap((first) => over.map((then) => [first, then] as const)))(
    'replaces %s by %s, because the execution was redriven',
    async (first, then) => {
      const made = await stored();
      await approvals.settle(made, { outcome: first }, new Date(AT));
      await approvals.settle((await approvals.get(made)) ?? made, { outcome: then }, new Date(LATER));
      expect(await approvals.get(made)).toMatchObject({ result: { outcome: then }, results: [{}, {}] });
    },
  );

  it('does not write to an approval that does not exist', async () => {
    const missing = approval({ execution: 'missing' });
    await approvals.settle(missing, { outcome: 'expired' }, new Date(AT));
    expect(await approvals.get(missing)).toBeUndefined();
  });
});

describe('closeDecided', () => {
  it('closes a decided approval, and no pending one', async () => {
    const made = await stored();
    await approvals.closeDecided(made);
    expect(await isDue(made)).toBe(true);
    await approvals.approve(made, 'U0BEN', AT, newPress());
    await approvals.closeDecided(made);
    expect(await isDue(made)).toBe(false);
  });
});

describe('cancelUnasked', () => {
  it('cancels and closes an approval whose message was not posted', async () => {
    const made = await stored();
    await approvals.cancelUnasked(made);
    expect((await approvals.get(made))?.status).toBe('cancelled');
    expect(await isDue(made)).toBe(false);
  });

  it('changes no approval that was posted or decided', async () => {
    const posted = await stored();
    await approvals.recordPosted(posted, '1.1', 1);
    const decided = await stored();
    await approvals.approve(decided, 'U0BEN', AT, newPress());
    for (const [made, status] of [[posted, 'pending'] as const, [decided, 'approved'] as const]) {
      await approvals.cancelUnasked(made);
      expect((await approvals.get(made))?.status).toBe(status);
      expect(await isDue(made)).toBe(true);
    }
  });
});

describe('recordResubmission', () => {
  const by = { by: 'U0ANA', at: AT };

  it('stores the first resubmission only', async () => {
    const made = await stored();
    await approvals.recordResubmission(made, by);
    await approvals.recordResubmission(made, { by: 'U0BEN', at: LATER });
    expect(await approvals.get(made)).toMatchObject({ resubmitted: by, revision: 2 });
    await approvals.recordResubmission(approval({ execution: 'missing' }), by);
  });

  it('reopens a closed approval, and marks it as reopened until it is closed', async () => {
    const made = await closed();
    await approvals.recordResubmission(made, by);
    expect(await approvals.get(made)).toMatchObject({ resubmitted: by, reopened: true, revision: 3 });
    expect(await isDue(made)).toBe(true);
    await approvals.close(made);
    expect(await approvals.get(made)).not.toHaveProperty('reopened');
    await approvals.recordResubmission(made, { by: 'U0BEN', at: LATER });
    expect(await isDue(made)).toBe(false);
  });

  it('does not mark an open approval as reopened, and makes the reconciler check it', async () => {
    const made = await stored();
    await approvals.scheduleNextCheck(made, LATER);
    expect(await isDue(made)).toBe(false);
    await approvals.recordResubmission(made, by);
    expect(await approvals.get(made)).not.toHaveProperty('reopened');
    expect(await isDue(made)).toBe(true);
  });
});

describe('recordShown', () => {
  it('reopens a closed approval whose message shows an older revision', async () => {
    const made = await closed();
    expect(await approvals.recordShown(made, 1)).toBe(2);
    expect(await approvals.get(made)).toMatchObject({ reopened: true, shownRevision: 1 });
    expect(await isDue(made)).toBe(true);
  });

  it('makes the reconciler check an open approval whose message shows an older revision', async () => {
    const made = await stored();
    await approvals.approve(made, 'U0BEN', AT, newPress());
    const decided = (await approvals.get(made)) ?? made;
    await approvals.scheduleNextCheck(decided, LATER);
    expect(await isDue(made)).toBe(false);
    expect(await approvals.recordShown(made, 1)).toBe(2);
    expect(await approvals.get(made)).not.toHaveProperty('reopened');
    expect(await isDue(made)).toBe(true);
  });

  it('leaves an approval closed whose message shows the newest revision', async () => {
    const made = await closed();
    expect(await approvals.recordShown(made, 2)).toBe(2);
    expect(await approvals.get(made)).toMatchObject({ shownRevision: 2 });
    expect(await isDue(made)).toBe(false);
  });

  it('returns the shown revision of an approval that does not exist', async () => {
    const missing = approval({ execution: 'missing' });
    expect(await approvals.recordShown(missing, 7)).toBe(7);
    expect(await approvals.get(missing)).toBeUndefined();
  });
});

describe('getUnsentDecision', () => {
  it('returns no decision of an execution whose result is stored', async () => {
    const made = await stored();
    await approvals.approve(made, 'U0BEN', AT, newPress());
    const decided = (await approvals.get(made)) ?? made;
    await approvals.settle(decided, { outcome: 'done' }, new Date(AT));
    expect(await approvals.getUnsentDecision(made)).toBeUndefined();
  });
});
