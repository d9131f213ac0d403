// The relay when things arrive in another order than one would like, or twice, or half.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Approvals, approvalsTable } from '../../aws/approvals-table.ts';
import { postApproval } from '../../bot/thread.ts';
import type { Decision } from '../../domain/approval.ts';
import { relayResult } from '../../functions/relay-result.ts';
import { approval } from '../approvals.ts';
import { startDynamoDB, type TestDynamoDB } from '../dynamodb.ts';
import { CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../slack-workspace.ts';

const decision: Decision = { outcome: 'approved', by: 'U0BEN', at: '2026-11-02T10:05:00.000Z' };
let dynamodb: TestDynamoDB;
let workspace: SlackWorkspace;
let approvals: Approvals;

beforeAll(async () => {
  dynamodb = await startDynamoDB('Approvals', 'execution', 'id');
  approvals = approvalsTable(dynamodb.client, 'Approvals');
  workspace = await openSlackWorkspace();
});

afterAll(async () => {
  dynamodb.close();
  await workspace.slack.close();
});

const ExecutionId = (execution: string) =>
  `arn:aws:states:us-east-1:000000000000:execution:trading:${execution}`;
const relay = (message: unknown, store: Approvals = approvals) =>
  relayResult({ approvals: store, slack: async () => workspace.client, channel: CHANNEL, log: () => {} })(
    message,
  );
const about = (execution: string) =>
  workspace.slack.messages().filter((message) => JSON.stringify(message).includes(execution));

it('posts the message in its final form, and the reply, where the request never got posted', async () => {
  await approvals.create(approval({ execution: 'unposted' }), 'token');
  await relay({ ExecutionId: ExecutionId('unposted'), Input: { approval: { outcome: 'expired' } } });
  const [message] = about('unposted');
  expect(message?.text).toContain('expired, nobody decided in time');
  expect(message?.blocks?.some(({ type }) => type === 'actions')).toBe(false);
  expect(workspace.replies(message?.ts ?? '')).toHaveLength(1);
});

it('keeps a decision that the ending overtook, and says that it was too late', async () => {
  const asked = approval({ execution: 'overtaken' });
  await approvals.create(asked, 'token');
  const ts = await postApproval({ approvals, slack: workspace.client }, asked);
  await approvals.decide(asked, decision);
  await relay({ ExecutionId: ExecutionId('overtaken'), Input: { approval: { outcome: 'expired' } } });
  expect(workspace.shown(ts).text).toContain('expired; approved by <@U0BEN>');
  expect(await approvals.get(asked)).toMatchObject({ status: 'expired', decision });
});

it('believes the decision, not a result that the starter wrote into the input', async () => {
  const asked = approval({ execution: 'forged' });
  await approvals.create(asked, 'token');
  const ts = await postApproval({ approvals, slack: workspace.client }, asked);
  await relay({
    ExecutionId: ExecutionId('forged'),
    Input: { approval: { outcome: 'declined' }, result: { outcome: 'filled', text: 'Ha.' } },
  });
  expect(workspace.replies(ts)).toMatchObject([{ text: expect.stringContaining('*Declined*') }]);
});

it('tells a result that it failed to tell before, once', async () => {
  const asked = approval({ execution: 'again' });
  await approvals.create(asked, 'token');
  const ts = await postApproval({ approvals, slack: workspace.client }, asked);
  const message = { ExecutionId: ExecutionId('again'), Input: { result: { outcome: 'cancelled' } } };
  const broken: Approvals = {
    ...approvals,
    toldOf: async () => {
      throw new Error('The table is away');
    },
  };
  await expect(relay(message, broken)).rejects.toThrow('The table is away');
  expect(workspace.replies(ts)).toHaveLength(0);
  await relay(message);
  await relay(message);
  expect(workspace.replies(ts)).toHaveLength(1);
});

it.each<[string, unknown]>([
  ['no JSON object', 'hello'],
  ['no execution', { Input: { result: { outcome: 'filled' } } }],
  ['no ending', { ExecutionId: ExecutionId('x'), Input: {} }],
  ['an outcome that is none', { ExecutionId: ExecutionId('x'), Input: { result: { outcome: 'exploded' } } }],
])('refuses a message with %s, and posts nothing', async (_, message) => {
  const before = workspace.slack.messages().length;
  await expect(relay(message)).rejects.toMatchObject({ name: 'InvalidInput' });
  expect(workspace.slack.messages()).toHaveLength(before);
});
