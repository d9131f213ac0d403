// Tests which decisions Home shows around the first day of a month.
import { partialSlack } from '../support/partial-slack.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { publishHome } from '../../bot/publish-home.ts';
import { approval, command } from '../support/approvals.ts';
import { newPress } from '../support/action-request.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';

let tables: TestTables;

beforeAll(async () => {
  tables = await startTables();
});

afterAll(() => tables.close());

async function homeAt(time: string): Promise<string> {
  let shown = '';
  const publish = async ({ view }: { view: object }) => {
    shown = JSON.stringify(view);
  };
  const { approvals, people } = tables;
  const channelsOf = async () => new Set<string>();
  await publishHome('U0BEN', partialSlack({ views: { publish } }), {
    command,
    approvals,
    people,
    channelsOf,
    now: () => new Date(time),
  });
  return shown;
}

it('shows the last decisions also on the first day of a month and of a year', async () => {
  const at = '2026-12-31T23:55:00.000Z';
  const made = approval({
    request: { ...approval().request, title: 'Buy 7 NVDA' },
    approversResolvedAt: '2026-12-31T23:54:00.000Z',
    askedAt: '2026-12-31T23:54:00.000Z',
    deadline: '2027-01-01T00:09:00.000Z',
  });
  await tables.approvals.create(made, 'token');
  await tables.approvals.approve(made, 'U0BEN', at, newPress());
  expect(await homeAt('2026-12-31T23:56:00.000Z')).toContain('Buy 7 NVDA');
  expect(await homeAt('2027-01-01T00:01:00.000Z')).toContain('Buy 7 NVDA');
  expect(await homeAt('2027-01-31T23:59:59.000Z')).toContain('Buy 7 NVDA');
  expect(await homeAt('2027-02-01T00:00:00.000Z')).not.toContain('Buy 7 NVDA');
});
