// Tests that a message ends up current, even if the record changes while the message is written.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Approval } from '../../../domain/approval.ts';
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

const types = (ts: string) => workspace.shown(ts).blocks?.map(({ type }) => type);

describe('a message with a chart', () => {
  const chart = { title: 'Errors', labels: ['14:00', '14:03'], series: [{ name: 'api', values: [2, 5] }] };
  const withChart = (execution: string, reason = 'Fewer errors.') =>
    approval({ execution, request: { ...approval().request, reason, chart } });
  const post = async (asked: Approval) => {
    await approvals.create(asked, 'token');
    return postApproval({ approvals, slack: workspace.client, now: () => new Date() }, asked);
  };

  afterEach(() => workspace.slack.refuseBlocks([]));

  it('is posted and updated without it in a workspace that has no charts', async () => {
    workspace.slack.refuseBlocks(['data_visualization']);
    const asked = withChart('no charts');
    const ts = await post(asked);
    expect(types(ts)).not.toContain('data_visualization');
    expect(types(ts)).toContain('actions');
    expect(await syncMessage({ approvals, slack: workspace.client }, asked)).toBe('shown');
    expect(types(ts)).not.toContain('data_visualization');
  });

  it('has it until somebody decides', async () => {
    const asked = withChart('charts');
    const ts = await post(asked);
    expect(types(ts)).toContain('data_visualization');
    await approvals.approve(asked, ...approved, newPress());
    await syncMessage({ approvals, slack: workspace.client }, asked);
    expect(types(ts)).not.toContain('data_visualization');
  });

  it('is not posted if Slack refuses another block', async () => {
    workspace.slack.refuseBlocks(['actions']);
    await expect(post(withChart('no buttons'))).rejects.toMatchObject({ data: { error: 'invalid_blocks' } });
    workspace.slack.refuseBlocks(['actions', 'data_visualization']);
    await expect(post(withChart('neither'))).rejects.toMatchObject({ data: { error: 'invalid_blocks' } });
  });
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
