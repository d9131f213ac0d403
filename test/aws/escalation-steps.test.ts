// Tests that each escalation step is run once, against a real DynamoDB engine: the rules are conditional writes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Approvals, approvalsTable } from '../../aws/approvals-table.ts';
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

const at = (ms: number) => new Date(Date.UTC(2026, 10, 2, 10, 8) + ms);

async function stored(): Promise<Approval> {
  const made = approval({ execution: `run-${(count += 1)}` });
  await approvals.create(made, `token-${made.execution}`);
  return made;
}

async function isDue({ execution }: Approval): Promise<boolean> {
  const keys = await Array.fromAsync(approvals.due(at(0)));
  return keys.some((key) => key.execution === execution);
}

describe('escalation steps', () => {
  it('lets one worker run a step at a time, and another only after 55 seconds', async () => {
    const made = await stored();
    expect(await approvals.leaseStep(made, 'reminder', at(0))).toBe('acquired');
    expect(await approvals.leaseStep(made, 'reminder', at(55_000))).toBe('held');
    expect(await approvals.leaseStep(made, 'escalation', at(1))).toBe('acquired');
    expect(await approvals.leaseStep(made, 'reminder', at(55_001))).toBe('taken_over');
    expect(await approvals.leaseStep(made, 'reminder', at(110_001))).toBe('held');
  });

  it('runs no step twice', async () => {
    const made = await stored();
    await approvals.leaseStep(made, 'reminder', at(0));
    await approvals.recordStep(made, 'reminder', '1.2');
    expect((await approvals.get(made))?.escalationSteps).toEqual({
      reminder: { at: at(0).toISOString(), ts: '1.2' },
    });
    expect(await approvals.leaseStep(made, 'reminder', at(999_999))).toBe('done');
  });

  it('runs no step of an approval that is decided or does not exist', async () => {
    const made = await stored();
    await approvals.approve(made, 'U0BEN', at(0).toISOString(), newPress());
    expect(await approvals.leaseStep(made, 'reminder', at(0))).toBe('done');
    expect((await approvals.get(made))?.escalationSteps).toEqual({});
    expect(await approvals.leaseStep({ ...made, id: 'approval-0' }, 'reminder', at(0))).toBe('done');
  });

  it('gives a released step to the next worker as new', async () => {
    const made = await stored();
    await approvals.leaseStep(made, 'reminder', at(0));
    await approvals.leaseStep(made, 'escalation', at(0));
    await approvals.releaseStep(made, 'reminder');
    expect(Object.keys((await approvals.get(made))?.escalationSteps ?? {})).toEqual(['escalation']);
    expect(await approvals.leaseStep(made, 'reminder', at(1))).toBe('acquired');
  });

  it('records nothing of a step that was released', async () => {
    const made = await stored();
    await approvals.recordStep(made, 'reminder', '1.2');
    expect((await approvals.get(made))?.escalationSteps).toEqual({});
  });

  it('checks the approval in the next run after a step is taken or released', async () => {
    const made = await stored();
    const postpone = async (revision: number) => {
      await approvals.scheduleNextCheck({ ...made, revision }, '2026-11-02T11:00:00.000Z');
      expect(await isDue(made)).toBe(false);
    };
    await postpone(1);
    await approvals.leaseStep(made, 'reminder', at(0));
    expect(await isDue(made)).toBe(true);
    await postpone(2);
    await approvals.releaseStep(made, 'reminder');
    expect(await isDue(made)).toBe(true);
    expect((await approvals.get(made))?.revision).toBe(3);
  });

  it('does not treat a failed write as a step that was run', async () => {
    const missing = approvalsTable(tables.client, 'Missing');
    await expect(missing.leaseStep(await stored(), 'reminder', at(0))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
