// Tests when the approvers of a request are resolved again, and what is stored, shown and logged then.
import { partialSlack } from '../support/partial-slack.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Approval } from '../../domain/approval.ts';
import { refreshApprovers, resolveAgain } from '../../functions/refresh-approvers.ts';
import { newPress } from '../support/action-request.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { peopleRules } from '../support/people-rules.ts';

/** Five minutes after the approvers were resolved. */
const DUE = '2026-11-02T10:05:01.000Z';
let tables: TestTables;
let calls: string[];
let logged: object[];
let resolved: readonly string[];
let count = 0;

beforeAll(async () => {
  tables = await startTables();
});

beforeEach(() => {
  [calls, logged, resolved] = [[], [], ['U0BEN', 'U0CHLOE']];
});

afterAll(() => tables.close());

const slack = partialSlack({ chat: { update: async () => void calls.push('chat.update') } });

const dependencies = (at = DUE) => ({
  approvals: tables.approvals,
  slack: async () => slack,
  acquire: async ({ name }: { readonly name: string }) => void calls.push(name),
  resolve: async (ids: readonly string[]) => {
    calls.push(`resolve ${String(ids)}`);
    return { userIds: resolved, resolvedAt: at };
  },
  outOfOffice: async () => [],
  peopleRules,
  now: () => new Date(at),
  log: (event: string, fields: object = {}) => void logged.push({ event, ...fields }),
});

async function posted(differences: Partial<Approval> = {}): Promise<Approval> {
  const made = approval({ execution: `run-${(count += 1)}`, ...differences });
  await tables.approvals.create(made, `token-${made.execution}`);
  await tables.approvals.recordPosted(made, '1.1', 1);
  return (await tables.approvals.get(made)) ?? made;
}

describe('refreshApprovers', () => {
  it('does nothing before five minutes have passed', async () => {
    const made = await posted();
    const refreshed = await refreshApprovers(made, dependencies('2026-11-02T10:05:00.999Z'));
    expect(refreshed).toEqual({ changed: false, approval: made });
    expect(calls).toEqual([]);
  });

  it('does nothing for an approval that is not pending', async () => {
    const made = { ...(await posted()), status: 'approved' } as const;
    expect(await refreshApprovers(made, dependencies())).toEqual({ changed: false, approval: made });
    expect(calls).toEqual([]);
  });

  it('stores the time, and does not update the message, if the approvers are the same', async () => {
    const made = await posted();
    const refreshed = await refreshApprovers(made, dependencies());
    expect(refreshed).toMatchObject({ changed: true, approval: { approversResolvedAt: DUE, revision: 1 } });
    expect(await tables.approvals.get(made)).toEqual(refreshed.approval);
    expect(calls).toEqual(['resolve U0BEN,U0CHLOE']);
    expect(logged).toEqual([]);
  });

  it('stores other approvers, and updates the message within the limit of updates', async () => {
    const made = await posted();
    resolved = ['U0DANA'];
    const refreshed = await refreshApprovers(made, dependencies());
    expect(refreshed).toMatchObject({
      changed: true,
      approval: { effectiveApprovers: ['U0DANA'], revision: 2 },
    });
    expect(calls).toEqual(['resolve U0BEN,U0CHLOE', 'message-updates', 'chat.update']);
    expect((await tables.approvals.get(made))?.shownRevision).toBe(2);
  });

  it('stores nothing if the approval changed after it was read', async () => {
    const made = await posted();
    await tables.approvals.approve(made, 'U0BEN', '2026-11-02T10:04:00.000Z', newPress());
    resolved = ['U0DANA'];
    expect(await refreshApprovers(made, dependencies())).toEqual({ changed: false, approval: made });
    expect((await tables.approvals.get(made))?.effectiveApprovers).toEqual(['U0BEN', 'U0CHLOE']);
    expect(logged).toEqual([]);
  });

  it('logs a remedy if too few people can approve', async () => {
    const made = await posted();
    resolved = [];
    await refreshApprovers(made, dependencies());
    expect(logged).toEqual([
      {
        event: 'nobody_can_approve',
        execution: made.execution,
        approval: made.id,
        remedy: expect.stringContaining('add people'),
      },
    ]);
  });
});

describe('resolveAgain', () => {
  it('asks for the people of the escalation too after the escalation', async () => {
    const made = await posted({ escalationSteps: { escalation: { at: DUE } } });
    await resolveAgain(made, dependencies());
    expect(calls).toEqual(['resolve U0BEN,U0CHLOE,U0DANA']);
  });
});
