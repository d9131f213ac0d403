// Tests that an approver who may start executions in AWS gains nothing by the name of another person's execution.
import { RedriveExecutionCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digest } from '../../domain/digest.ts';
import { storedApproval } from '../support/stored-approval.ts';
import { ANA, BEN, CHLOE, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

let desk: TradingDesk;
beforeAll(async () => {
  desk = await openTradingDesk();
});
afterAll(() => desk.stop());

/** Starts what Chloe wants under the name that the resubmission of this request will have. */
async function declinedAndNamed() {
  const message = await desk.ask('/trade buy GOOGL 5');
  const arn = await desk.lastExecution();
  await desk.decline(BEN, message, 'Not now');
  const { execution, id } = await storedApproval(desk.cloud, arn);
  const name = `${execution.replace(/-[0-9a-f]{16}$/, '').slice(0, 60)}-${digest(id)}`;
  const input = JSON.stringify({ symbol: 'TSLA', side: 'sell', quantity: 40 });
  const stateMachineArn = desk.cloud.outputs['StateMachineArn'];
  const { executionArn } = await desk.sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
  return { message, executionArn };
}

async function approvedByChloeAlone(executionArn: string | undefined) {
  const asked = desk.posts().findLast(({ text }) => text.startsWith('Pending: Sell 40 TSLA'))!;
  expect(asked.text).toContain('Started: via AWS');
  await desk.press(CHLOE, asked, 'approve');
  await desk.cloud.advance(5_000);
  return JSON.parse((await desk.execution(executionArn ?? '')).output ?? '{}');
}

describe('an execution that somebody starts under the name of a resubmission', () => {
  it('is not what the presser requested', async () => {
    const { message, executionArn } = await declinedAndNamed();
    await desk.press(ANA, message, 'resubmit');
    await desk.cloud.advance(5_000);
    expect((await approvedByChloeAlone(executionArn)).fill).toBeUndefined();
  });

  it('is not either if it is stopped minutes before the press and redriven after it', async () => {
    const { message, executionArn } = await declinedAndNamed();
    await desk.sfn.send(new StopExecutionCommand({ executionArn }));
    await desk.cloud.settled();
    await desk.cloud.advance(8 * 60_000);
    await desk.press(ANA, message, 'resubmit');
    await desk.sfn.send(new RedriveExecutionCommand({ executionArn }));
    await desk.cloud.settled();
    await desk.cloud.advance(5_000);
    expect((await approvedByChloeAlone(executionArn)).fill).toBeUndefined();
  });

  it('the presser is told that nothing was requested', async () => {
    const { message } = await declinedAndNamed();
    await desk.press(ANA, message, 'resubmit');
    await desk.cloud.advance(5_000);
    expect(desk.privately(ANA).at(-1)).toMatch(
      /^Nothing was requested: another execution already has the name of this one/,
    );
  });
});
