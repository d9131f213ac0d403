// Opens every view of the page and checks it with axe, light and dark. Called by the accessibility tests.
import { expect } from 'vitest';
import type { Workflow, WorkflowSource } from '../../local/slack/store/workflow.ts';
import { decision, delegateForm, openPage, opensModal, plain } from './open-page.ts';
import type { OpenPage } from './open-page.ts';
import { risk, trading } from './start-tiny-app.ts';

const started = 1_795_348_834_306;
const approval: Workflow = {
  name: 'trading',
  states: [
    { name: 'Check Price', next: [{ state: 'Ask' }], branch: false },
    {
      name: 'Ask',
      next: [{ state: 'Report' }, { state: 'Expired', when: 'on States.Timeout' }],
      branch: false,
    },
    { name: 'Expired', next: [{ state: 'Report' }], branch: true },
    { name: 'Report', next: [], branch: false },
  ],
  executions: [{ name: 'AMZN-1', status: 'FAILED', startedAt: started }],
  shown: {
    name: 'AMZN-1',
    status: 'FAILED',
    startedAt: started,
    progress: { 'Check Price': 'passed', Ask: 'failed', Expired: 'current' },
    history: [
      { id: 1, at: started, what: 'Execution started' },
      {
        id: 2,
        at: started + 900,
        state: 'Ask',
        what: 'Task timed out',
        error: 'States.Timeout',
        cause: 'Late',
      },
    ],
  },
};
const workflow: WorkflowSource = { look: async () => approval, watch: () => () => {} };

const approve = { name: 'Approve' } as const;

const words = (text: string) => ({ type: 'mrkdwn', text });
const pressed = (text: string, value: string) => ({
  type: 'button',
  text: plain(text),
  action_id: text.toLowerCase(),
  value,
});
const labels = ['09:57', '10:00'];
const line = (name: string, values: readonly number[]) => ({
  name,
  data: labels.map((label, point) => ({ label, value: values[point] })),
});
const chart = {
  type: 'data_visualization',
  title: 'AMZN in the last hour',
  chart: {
    type: 'line',
    series: [line('Price', [183, 182.2]), line('Limit', [184, 184])],
    axis_config: { categories: labels, y_label: 'USD a share' },
  },
};
/** As an app that shows much would have it: as many blocks as a view may have. */
const home = {
  type: 'home',
  blocks: [
    { type: 'header', text: plain('Needs your approval') },
    {
      type: 'actions',
      elements: [pressed('Refresh', 'all'), { ...pressed('Approve', 'all'), style: 'primary' }],
    },
    { type: 'divider' },
    ...Array.from({ length: 48 }, (_, index) => [
      {
        type: 'section',
        text: words(
          `*Buy ${index} AMZN* for USD 2,000, asked by <@U0ANA>, until 10:00. Ben has approved it already.`,
        ),
        accessory: pressed('Open', `a${index}`),
      },
      { type: 'context', elements: [words(`execution AMZN-${index}`)] },
    ]).flat(),
    { type: 'section', fields: [words('*Delegate*\nDana'), words('*Until*\nFriday')] },
  ],
};

/** Opens each view, by its name. */
export const pageViews: Readonly<Record<string, (open: OpenPage) => Promise<void>>> = {
  channel: async ({ page, post, choose, app }) => {
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: 'Buy 10 AMZN?' } },
      {
        type: 'section',
        text: { type: 'mrkdwn', text: '*Price* USD 200, `AMZN`, asked by <@U0ANA>\n> quoted' },
      },
      {
        type: 'section',
        fields: [
          { type: 'mrkdwn', text: '*Side*\nBuy' },
          { type: 'mrkdwn', text: '*Until*\n10:00' },
        ],
      },
      { type: 'context', elements: [{ type: 'mrkdwn', text: 'execution AMZN-1' }] },
      decision(),
      chart,
    ];
    await post('Buy 10 AMZN?', { blocks });
    await choose('Ben');
    app.answer = (response) => response.writeHead(500).end();
    await page.getByRole('button', approve).click();
    await page.getByText('The app could not be reached').waitFor();
    await post(`A long word: ${'x'.repeat(300)}, and <https://example.com|a link>`);
    await choose('Ana');
    await page.getByText('New', { exact: true }).waitFor();
  },
  thread: async ({ page, post }) => {
    const ts = await post('Buy 10 AMZN?');
    await post('Bought 10 AMZN', { thread_ts: ts });
    await page.getByRole('button', { name: '1 reply' }).click();
    await page.getByRole('region', { name: 'Thread' }).getByText('Bought').waitFor();
  },
  ephemeral: async ({ page, say, app }) => {
    app.answer = (response) => response.end('Usage: /trade SYMBOL [QUANTITY]');
    await say('/trade');
    await page.getByText('Only visible to you').waitFor();
  },
  modal: async (open) => {
    opensModal(open);
    await open.say('/trade');
    await open.page.getByRole('dialog', { name: 'New trade' }).waitFor();
  },
  'modal with errors': async (open) => {
    opensModal(open);
    await open.say('/trade');
    const dialog = open.page.getByRole('dialog', { name: 'New trade' });
    await dialog.getByRole('button', { name: 'Trade' }).click();
    await dialog.getByText('Please complete this required field.').waitFor();
  },
  'modal after trouble': async (open) => {
    opensModal(open);
    await open.say('/trade');
    const dialog = open.page.getByRole('dialog', { name: 'New trade' });
    await dialog.getByLabel('Symbol').fill('AMZN');
    open.app.answer = (response) => response.writeHead(500).end();
    await dialog.getByLabel('Symbol').press('Enter');
    await dialog.getByText('We had some trouble connecting. Try again?').waitFor();
  },
  'modal to choose in': async (open) => {
    opensModal(open, delegateForm);
    await open.say('/trade');
    const dialog = open.page.getByRole('dialog', { name: 'Delegate' });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Please complete this required field.').last().waitFor();
  },
  'direct messages': async ({ page, client, post }) => {
    const dm = (await client.conversations.open({ users: 'U0ANA' })).channel?.id ?? '';
    await client.chat.postMessage({ channel: dm, text: 'Seen' });
    await page.getByRole('button', { name: 'Countersign' }).click();
    await page.getByRole('main').getByText('Seen').waitFor();
    await page.getByRole('button', { name: '# trading' }).click();
    await client.apiCall('chat.postMessage', { channel: dm, text: 'Buy?', blocks: [decision()] });
    await client.files.uploadV2({
      channel_id: dm,
      initial_comment: 'Your report, *yesterday*',
      filename: 'orders-of-yesterday-with-a-rather-long-name.csv',
      title: 'Orders of yesterday',
      content: 'order,symbol\n'.repeat(200),
    });
    await page.getByRole('button', { name: 'Countersign' }).getByText('2 new').waitFor();
    await page.getByRole('button', { name: 'Countersign' }).click();
    await page.getByText('New', { exact: true }).waitFor();
    await post('Meanwhile');
    await page.getByRole('button', { name: '# trading' }).getByText('1 new').waitFor();
  },
  'two channels': async ({ page, post }) => {
    await page.getByRole('button', { name: '# risk' }).click();
    await page.getByLabel('Message #risk').waitFor();
    await post('Buy 10 AMZN?', { blocks: [decision()] });
    await page.getByRole('button', { name: '# trading' }).getByText('1 new').waitFor();
    await post('Sell 10 AMZN?', { channel: risk.id, blocks: [decision()] });
    await page.getByRole('main').getByRole('button', approve).waitFor();
  },
  'no direct messages yet': async ({ page }) => {
    await page.getByRole('button', { name: 'Countersign' }).click();
    await page.getByRole('tab', { name: 'Messages' }).click();
    await page.getByText('Countersign has written nothing to you alone yet.').waitFor();
  },
  home: async ({ page, client, app }) => {
    await client.apiCall('views.publish', { user_id: 'U0ANA', view: home });
    await page.getByRole('button', { name: 'Countersign' }).click();
    app.answer = (response) => response.writeHead(500).end();
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByText('The app could not be reached').waitFor();
  },
  'home before anything is published': async ({ page }) => {
    await page.getByRole('button', { name: 'Countersign' }).click();
    await page.getByText('This is still a work in progress.').waitFor();
  },
  'confirm dialog': async ({ page, post }) => {
    await post('Buy 10 AMZN?', { blocks: [decision(true)] });
    await page.getByRole('button', approve).click();
    await page.getByRole('dialog', { name: 'Buy 10 AMZN?' }).waitFor();
  },
  panel: async ({ page }) => {
    const panel = page.getByRole('complementary', { name: 'Execution' });
    if (!(await panel.isVisible())) await page.getByRole('button', { name: 'Execution' }).click();
    await panel.getByText('Task timed out').waitFor();
  },
};

/** Opens the view, and expects no accessibility violation and no horizontal scrolling. */
export async function checkView(name: string, width: number): Promise<void> {
  const scopes = ['chat:write', 'commands', 'im:write', 'files:write'];
  const channels = name === 'two channels' ? ([trading, risk] as const) : ([trading] as const);
  const open = await openPage({ workflow, scopes, home: true, channels }, width);
  await pageViews[name]?.(open);
  for (const colorScheme of ['light', 'dark'] as const) {
    await open.page.emulateMedia({ colorScheme });
    expect(await open.faults()).toEqual([]);
  }
  expect(await open.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
}
