// Tests amendments from outside: a workflow's message in the queue of results, and what people see and may press then.
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportedEntries } from '../support/audit-commands.ts';
import { storedApproval } from '../support/stored-approval.ts';
import { BEN, CHLOE, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

const DANA = 'U0DANA';
let desk: TradingDesk;
beforeAll(async () => {
  desk = await openTradingDesk();
});
afterAll(() => desk.stop());

async function publish(ExecutionId: string, Input: object): Promise<void> {
  const QueueUrl = await desk.queueUrl('RelayedResultsQueue');
  const MessageBody = JSON.stringify({ ExecutionId, Input });
  await desk.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  await desk.cloud.settled();
  await desk.cloud.advance(2_000);
}

describe('an amendment of a workflow', () => {
  it('is what people approve from then on, and the decision has its digest', async () => {
    const message = await desk.ask('/trade AMZN 200');
    const executionArn = await desk.lastExecution();
    const before = await storedApproval(desk.cloud, executionArn);
    await desk.press(BEN, message, 'approve');
    const { terms: _terms, ...request } = { ...before['request'], terms: undefined };
    const terms = { version: 99, limit: 180 };
    const amendment = {
      expectedDigest: before['terms'].digest,
      request: { ...request, title: 'Buy 199 AMZN', terms },
    };
    for (let delivery = 0; delivery < 2; delivery += 1) await publish(executionArn, { amendment });
    const now = desk.now(message);
    expect(now.text).toMatch(/^Pending: Buy 199 AMZN, .*\n.*Needs 2 approvals/);
    expect(now.text).toMatch(/\nChanged at .*Earlier approvals do not count\.\n/);
    expect(desk.replies(message).map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^:pencil2: \*Changed: Buy 199 AMZN, .*<@U0BEN>, your approval was for the earlier terms/,
      ),
    ]);
    await desk.press(CHLOE, message, 'approve');
    await desk.press(DANA, message, 'approve');
    const after = await storedApproval(desk.cloud, executionArn);
    expect(after).toMatchObject({ decision: { outcome: 'approved' }, amendments: [{ voters: [BEN] }] });
    expect(JSON.stringify(await desk.execution(executionArn))).toContain('NotApproved');
    const entries = await exportedEntries(desk.cloud, '--execution', executionArn.split(':').at(-1) ?? '');
    const own = entries.filter(({ action }) => ['requested', 'approved', 'amended'].includes(String(action)));
    expect(own.map(({ action, by, title }) => [action, by, String(title).includes('199')])).toEqual([
      ['requested', 'U0ANA', false],
      ['approved', BEN, false],
      ['amended', undefined, true],
      ['approved', CHLOE, true],
      ['approved', DANA, true],
    ]);
    expect(desk.events.filter(({ line }) => String(line).includes('audit_entry_differs'))).toEqual([]);
  });
});
