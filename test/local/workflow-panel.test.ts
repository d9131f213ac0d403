// Tests what the panel shows about executions: what happened in each state, without task tokens.
import { ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workflow } from '../../local/slack/store/workflow.ts';
import { workflowPanel } from '../../local/workflow-panel.ts';
import { withFailingTrade } from '../support/broker-account.ts';
import { BEN, openTradingDesk, type TradingDesk } from '../support/trading-desk.ts';

let desk: TradingDesk;

beforeAll(async () => {
  desk = await openTradingDesk();
});
afterAll(() => desk?.stop());

async function look(execution = ''): Promise<{ readonly text: string; readonly workflow: Workflow }> {
  const text = await (await fetch(`${desk.slack.url}/page/workflow?execution=${execution}`)).text();
  return { text, workflow: JSON.parse(text) };
}

describe('workflow panel', () => {
  it('shows a waiting execution without its task token', async () => {
    const message = await desk.ask('/trade AMZN 10');

    const { workflow, text } = await look();

    expect(workflow.shown?.status).toBe('RUNNING');
    expect(workflow.shown?.progress).toEqual({
      'Check Stock Price': 'passed',
      'Generate Buy/Sell recommendation': 'passed',
      'Pre-Trade Check': 'passed',
      'Request Human Approval': 'current',
    });
    expect(workflow.shown?.history.at(-1)).toEqual({
      id: expect.any(Number),
      at: expect.any(Number),
      state: 'Request Human Approval',
      what: 'Task submitted',
    });
    expect(text).not.toMatch(/token/i);
    expect(workflow.states.map(({ name }) => name)).toEqual(
      expect.arrayContaining(Object.keys(workflow.shown?.progress ?? {})),
    );
    expect(text).not.toContain(message.ts);
  });

  it('marks the state of a failed trade and shows the reason in the history', async () => {
    const message = await desk.ask('/trade TSLA 5');
    await withFailingTrade(desk, () => desk.press(BEN, message, 'approve'));

    const { workflow } = await look();

    expect(workflow.shown).toMatchObject({ status: 'FAILED', progress: { 'Buy or Sell?': 'passed' } });
    expect(Object.values(workflow.shown?.progress ?? {})).toContain('failed');
    const last = workflow.shown?.history.at(-1);
    expect(last).toMatchObject({ what: 'Execution failed', error: 'AccessDeniedException' });
    expect(last?.cause).toMatch(/^dynamodb is away/);
  });

  it('is notified of every step, and can show an earlier execution by name', async () => {
    const stream = (await fetch(`${desk.slack.url}/page/events`)).body?.pipeThrough(new TextDecoderStream());
    const reader = stream?.getReader();
    const stateMachineArn = desk.cloud.outputs['StateMachineArn'];
    const { executions = [] } = await desk.sfn.send(new ListExecutionsCommand({ stateMachineArn }));
    const oldest = executions.at(-1)?.name ?? '';

    await desk.ask('/trade NVDA 5');

    let heard = '';
    while (!heard.includes('event: workflow')) heard += (await reader?.read())?.value ?? '';
    await reader?.cancel();
    expect((await look()).workflow.shown?.name).toBe((await look()).workflow.executions[0]?.name);
    expect((await look(oldest)).workflow.shown?.name).toBe(oldest);
  });

  it('is empty before the cloud is ready', async () => {
    const panel = workflowPanel({ stateMachine: () => undefined });

    expect(await panel.look(undefined)).toEqual({ name: '', states: [], executions: [] });
  });
});
