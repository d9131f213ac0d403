// Tests requests that arrive late, twice, or after the execution has ended.
import { delivered, firstAttemptOf } from '../support/queue-event.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalId } from '../../aws/approvals-table.ts';
import { type Described, executionName } from '../../aws/executions.ts';
import { digest } from '../../domain/digest.ts';
import { requestApproval } from '../../functions/request-approval.ts';
import { approval } from '../support/approvals.ts';
import { startTables, type TestTables } from '../support/dynamodb.ts';
import { CHANNEL, openSlackWorkspace, type SlackWorkspace } from '../support/slack-workspace.ts';
import { peopleRules } from '../support/people-rules.ts';
import { policiesWith } from '../support/policies.ts';

const described: Record<string, Partial<Described>> = { ended: { status: 'ABORTED' } };
const failures: (readonly string[])[] = [];
const ENTERED = '2026-11-02T10:00:00.000Z';
let tables: TestTables;
let workspace: SlackWorkspace;

beforeAll(async () => {
  tables = await startTables();
  workspace = await openSlackWorkspace();
});

afterAll(async () => {
  tables.close();
  await workspace.slack.close();
});

const arn = (execution: string) => `arn:aws:states:us-east-1:000000000000:execution:trading:${execution}`;
const asked = (execution: string) =>
  workspace.slack.messages().filter(({ text }) => text.includes(`ref \`${execution}\``));

async function request(
  execution: string,
  now: string,
  differences: object = {},
  ExecutionId = arn(execution),
): Promise<void> {
  const work = requestApproval({
    ...tables,
    peopleRules,
    startedOutsideSlack: 'as-usual',
    slack: async () => workspace.client,
    policies: policiesWith({ channel: CHANNEL }),
    describe: async (executionArn) => ({
      status: 'RUNNING',
      input: {},
      startedAt: ENTERED,
      ...described[executionName(executionArn)],
    }),
    fail: async (...failed) => void failures.push(failed),
    firstAttempt: firstAttemptOf,
    executions: { resume: async () => 'not_waiting' },
    now: () => new Date(now),
    log: () => {},
  });
  const Input = { request: { ...approval().request, ...differences } };
  const body = {
    Input,
    TaskToken: `token-${execution}`,
    ExecutionId,
    EnteredTime: ENTERED,
    TimeoutSeconds: 900,
  };
  await work(body, { ...delivered, firstSentAt: Date.parse(now) });
}

describe('requestApproval', () => {
  it('posts once for two concurrent deliveries', async () => {
    const both = await Promise.allSettled([request('twice', ENTERED), request('twice', ENTERED)]);
    expect(both.map(({ status }) => status)).toContain('fulfilled');
    await request('twice', ENTERED);
    expect(asked('twice')).toHaveLength(1);
  });

  it('counts the deadline from the time the state was entered, and posts nothing after it', async () => {
    await request('late', '2026-11-02T10:14:59.000Z');
    const [message] = asked('late');
    expect(message?.text).toContain(`by <!date^${Date.parse('2026-11-02T10:15:00Z') / 1_000}^`);
    await request('too-late', '2026-11-02T10:15:00.000Z');
    expect(asked('too-late')).toEqual([]);
  });

  it('posts nothing for an ended execution, but posts for one that was redriven since', async () => {
    const executionArn = arn('ended');
    await tables.completions.record(
      { executionArn, outcome: 'cancelled', at: '2026-11-02T10:00:01.000Z' },
      new Date(),
    );
    await request('ended', '2026-11-02T10:00:02.000Z');
    expect(asked('ended')).toEqual([]);
    const at = '2026-11-02T09:00:00.000Z';
    await tables.completions.record({ executionArn: arn('redriven'), outcome: 'failed', at }, new Date());
    await request('redriven', '2026-11-02T10:00:02.000Z');
    expect(asked('redriven')).toHaveLength(1);
  });

  it('ignores a request from before the redrive, whose token no state waits with', async () => {
    described['old-token'] = { redrivenAt: '2026-11-02T10:00:05.000Z' };
    await request('old-token', '2026-11-02T10:00:04.000Z');
    expect(asked('old-token')).toEqual([]);
    expect(await tables.approvals.ofExecution(arn('old-token'))).toEqual([]);
  });

  it('ignores a redriven dead letter from before the redrive, whose approval was stored and not posted', async () => {
    const executionArn = arn('old-letter');
    const id = approvalId(digest('token-old-letter'));
    await tables.approvals.create(
      approval({ execution: 'old-letter', id, executionArn, askedAt: ENTERED, ts: undefined }),
      'token-old-letter',
    );
    const at = '2026-11-02T10:00:01.000Z';
    await tables.completions.record({ executionArn, outcome: 'failed', at }, new Date(at));
    described['old-letter'] = { redrivenAt: '2026-11-02T10:00:05.000Z' };
    await request('old-letter', '2026-11-02T10:00:09.000Z');
    expect(asked('old-letter')).toEqual([]);
  });

  it('retries later if an execution has ended but runs, because it may be being redriven', async () => {
    await tables.completions.record({ executionArn: arn('both'), outcome: 'failed' }, new Date());
    await expect(request('both', '2026-11-02T10:00:02.000Z')).rejects.toMatchObject({
      name: 'PossiblyRedriven',
    });
    expect(asked('both')).toEqual([]);
  });

  it('posts nothing for an unknown state machine', async () => {
    const ExecutionId = arn('foreign').replace('trading', 'other');
    await expect(request('foreign', ENTERED, {}, ExecutionId)).rejects.toMatchObject({
      name: 'UnknownStateMachine',
    });
    expect(asked('foreign')).toEqual([]);
  });

  it('asks for confirmation from the configured amount on', async () => {
    await request('large', ENTERED, { amount: 10_000 });
    await request('small', ENTERED, { amount: 9_999.99 });
    expect(JSON.stringify(asked('large')[0]?.blocks)).toContain('"confirm"');
    expect(JSON.stringify(asked('small')[0]?.blocks)).not.toContain('"confirm"');
  });

  it.each<[string, object]>([
    ['half a surrogate pair', { note: 'note \ud83d' }],
    [
      'escapes that make it longer than 3,000 characters',
      { title: '<'.repeat(150), reason: '&'.repeat(1_000), note: '>'.repeat(500) },
    ],
    ['an empty reason and no facts', { reason: '', facts: [] }],
  ])('posts a request with %s', async (what, differences) => {
    const execution = `odd-${what.length}`;
    await request(execution, ENTERED, differences);
    expect(
      workspace.slack.messages().filter((message) => JSON.stringify(message).includes(execution)),
    ).toHaveLength(1);
  });
});
