// Tests that a message ends up current, even if the record changes while the message is written.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Approvals } from '../../../aws/approvals-table.ts';
import { postApproval } from '../../../slack/messages/post-approval.ts';
import { syncMessage } from '../../../slack/messages/sync-message.ts';
import { approval } from '../../support/approvals.ts';
import { startTables, type TestTables } from '../../support/dynamodb.ts';
import { openSlackWorkspace, type SlackWorkspace } from '../../support/slack-workspace.ts';
import { newPress } from '../../support/action-request.ts';

const approved = ['U0BEN', '2026-11-02T10:05:00.000Z'] as const;
let tables: TestTables;
let workspace: SlackWorkspace;
let approvals: Approvals;

beforeAll(async () => {
  tables = await startTables();
  ({ approvals } = tables);
  workspace = await openSlackWorkspace();
});

afterAll(async () => {
  tables.close();
  await workspace.slack.close();
});

describe('syncMessage', () => {
  it('shows a decision made between the post and the record of its timestamp', async () => {
    const asked = approval({ execution: 'between' });
    await approvals.create(asked, 'token');
    const meanwhile: Approvals = {
      ...approvals,
      recordPosted: async (...posted) => {
        await approvals.approve(asked, ...approved, newPress());
        await approvals.recordPosted(...posted);
      },
    };
    const ts = await postApproval(
      { approvals: meanwhile, slack: workspace.client, now: () => new Date() },
      asked,
    );
    expect(workspace.shown(ts).text).toMatch(/^Approved: .*\nApproved by <@U0BEN>/);
  });

  it('updates the message again if the record changed during the update', async () => {
    const asked = approval({ execution: 'moving' });
    await approvals.create(asked, 'token');
    const ts = await postApproval({ approvals, slack: workspace.client, now: () => new Date() }, asked);
    const vote = await approvals.approve(asked, ...approved, newPress());
    let settledMeanwhile = false;
    const meanwhile: Approvals = {
      ...approvals,
      recordShown: async (...shown) => {
        if (!settledMeanwhile && vote.changed)
          await approvals.settle(vote.approval, { outcome: 'done', text: 'Bought.' }, new Date());
        settledMeanwhile = true;
        return approvals.recordShown(...shown);
      },
    };
    await syncMessage({ approvals: meanwhile, slack: workspace.client }, asked);
    expect(workspace.shown(ts).text).toMatch(/^Done: .*\nApproved by <@U0BEN>/);
    expect(await approvals.get(asked)).toMatchObject({ revision: 3, shownRevision: 3 });
  });

  it('closes a reopened approval that has no message, so that the reconciler does not check it for ever', async () => {
    const asked = approval({ execution: 'unposted' });
    await approvals.create(asked, 'token');
    await approvals.settle(asked, { outcome: 'cancelled' }, new Date());
    await approvals.close(asked);
    await approvals.recordResubmission(asked, { at: '2026-11-02T10:20:00.000Z' });
    const due = () => Array.fromAsync(approvals.due(new Date('2027-01-01T00:00:00.000Z')));
    expect((await due()).map(({ execution }) => execution)).toContain('unposted');
    expect(await syncMessage({ approvals, slack: workspace.client }, asked)).toBe('gone');
    expect((await due()).map(({ execution }) => execution)).not.toContain('unposted');
  });
});
