// Tests the history in the panel Execution: it folds each state that is over, and keeps open what runs and what failed.
import { expect, it } from 'vitest';
import type { Workflow, WorkflowEvent } from '../../../../local/slack/store/workflow.ts';
import { openPage, useBrowser } from '../../../support/open-page.ts';

useBrowser();

const START = 1_795_348_834_000;
const events = (...list: readonly (readonly [state: string | undefined, what: string, error?: string])[]) =>
  list.map(([state, what, error], index): WorkflowEvent => ({
    id: index + 1,
    at: START + index * 1_000,
    what,
    ...(state && { state }),
    ...(error && { error }),
  }));

function source(status: string, history: readonly WorkflowEvent[]) {
  const execution = { name: 'AMZN-1', status, startedAt: START };
  const workflow: Workflow = {
    name: 'trading',
    states: [],
    executions: [execution],
    shown: { ...execution, progress: {}, history },
  };
  return { look: async () => workflow, watch: () => () => {} };
}

it('folds a state that is over, shows how long it took, and opens by a click', async () => {
  const history = events(
    [undefined, 'Execution started'],
    ['Check', 'Entered'],
    ['Check', 'Lambda function succeeded'],
    ['Check', 'Exited'],
    ['Check', 'Entered'],
    ['Check', 'Exited'],
    ['Ask', 'Entered'],
    ['Ask', 'Task submitted'],
  );
  const { page } = await openPage({ workflow: source('RUNNING', history) });
  const panel = page.getByRole('complementary', { name: 'Execution' });
  await panel.getByText('Task submitted').waitFor();
  const folds = panel.locator('summary');
  expect(await folds.allTextContents()).toEqual([
    expect.stringMatching(/Ask$/),
    expect.stringMatching(/Check · 1\.0 s$/),
    expect.stringMatching(/Check · 2\.0 s$/),
  ]);
  expect(await panel.getByText('Lambda function succeeded').isVisible()).toBe(false);
  await folds.last().click();
  await panel.getByText('Lambda function succeeded').waitFor();
  expect(await panel.getByText('Execution started').isVisible()).toBe(true);
});

it('keeps a state open in which something failed', async () => {
  const history = events(
    ['Check', 'Entered'],
    ['Check', 'Lambda function failed', 'Throttled'],
    ['Check', 'Exited'],
  );
  const { page } = await openPage({ workflow: source('SUCCEEDED', history) });
  const error = page.getByText('Throttled');
  await error.waitFor({ state: 'attached' });
  expect(await error.isVisible()).toBe(true);
});

it.each([
  ['ABORTED', 'Aborted'],
  ['SUCCEEDED', 'Succeeded'],
  ['TIMED_OUT', 'Timed out'],
])('says %s as AWS does: %s', async (status, word) => {
  const { page } = await openPage({ workflow: source(status, events(['Ask', 'Entered'])) });
  await expect.poll(() => page.locator('#status').textContent()).toBe(`AMZN-1: ${word}`);
});
